"""The questions as one picture: an assessment in, a self-contained SVG out, for whoever writes the questions.

From the top: how everybody begins, then a row for each topic with its questions from left to right, then how everybody ends. A
box holds a question, when it is asked, and its answers, each with the needs that it reveals; a green line leads from an answer
to the question that only it opens. Grey arrows are the way on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final
from xml.sax.saxutils import escape

from portal.assessment.definition import MANY, ROOM, Assessment, Condition, Option, Question
from portal.taxonomy.terms import Taxonomy

WIDTH: Final = 330  # of a box, in pixels, as all measures here
GAP: Final = 70
LEFT: Final = 200  # where boxes begin; what a row is about stands before them
LETTERS: Final = 46  # that fit on a line of a box
LINE: Final = 18
PAD: Final = 12
FAR: Final = 600  # so far down a curve would cross other boxes
_STYLE: Final = """
text { font: 13px system-ui, sans-serif; fill: #1c2321 } .row { font-size: 17px; font-weight: 700; fill: #084640 }
.title { font-weight: 700; font-size: 14px } .about { fill: #4b5653; font-size: 12px }
.if { fill: #1f5f36; font-style: italic; font-size: 12px }
.need { fill: #0b5c55; font-size: 12px } .high { fill: #a8201a; font-size: 12px; font-weight: 600 }
.box { fill: #fff; stroke: #6b7673 } .next { stroke: #6b7673; fill: none; marker-end: url(#next) }
.opens { stroke: #1f5f36; stroke-width: 1.5; fill: none; marker-end: url(#opens) }
"""
_BEFORE: Final = (("safety", "Is anyone in danger?", "Ticks are not kept."), ("place", "Where?", "A postcode or an area, or nothing."))
_AFTER: Final = (
    ("strengths", "What is already good?", "In their own words, while there is room."),
    ("contact", "How do you like to be contacted?", "While there is room."),
    ("check", "Check your answers", ""),
    ("plan", "Your next steps", "Urgent help, small steps, services, advice, and a number to ring."),
)


@dataclass(frozen=True)
class Text:
    """A line of a box; `option` is the answer that it belongs to."""

    style: str
    text: str
    option: str = ""


@dataclass(frozen=True)
class Box:
    """A page with its top left corner."""

    id: str
    lines: tuple[Text, ...]
    x: int = 0
    y: int = 0

    @property
    def height(self) -> int:
        """With the room around its lines."""
        return len(self.lines) * LINE + 2 * PAD

    def height_of(self, option: str) -> int:
        """Where an answer stands."""
        at = next(at for at, line in enumerate(self.lines) if line.option == option)
        return self.y + PAD + at * LINE + LINE // 2


def draw(assessment: Assessment, taxonomy: Taxonomy) -> str:
    """The picture, as text of an SVG file."""
    rows = list(_placed(_rows(assessment, taxonomy)))
    boxes = {box.id: box for _, row in rows for box in row}
    width = max(box.x for box in boxes.values()) + WIDTH + GAP
    height = max(box.y + box.height for box in boxes.values()) + GAP
    parts = [*_ways_on(rows), *_openings(assessment, boxes), *(line for label, row in rows for line in _row(label, row))]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>The questions, from the first page to the plan</title><style>{_STYLE}</style><defs>{_arrow('next', '#6b7673')}"
        f'{_arrow("opens", "#1f5f36")}</defs><rect width="{width}" height="{height}" fill="#f4f7f5"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def _rows(assessment: Assessment, taxonomy: Taxonomy) -> Iterator[tuple[str, list[Box]]]:
    def boxes(questions: Iterable[Question]) -> list[Box]:
        return [Box(question.id, tuple(_lines(question, assessment))) for question in questions]

    topics = [taxonomy.groups[topic.group].label for topic in assessment.offered_topics]
    offered = [Text("about", "Choose as many as you like:"), *(Text("", f"• {label}") for label in topics)]
    helping = Box("help", (Text("title", "What would help?"), *offered, Text("", "• Not sure: all of them")))
    yield "Everybody", [*boxes(assessment.start), *(_page(*page) for page in _BEFORE), helping]
    for topic in assessment.topics:
        label = taxonomy.groups[topic.group].label
        yield f"{label}: who helps" if topic.is_for_carer else label, boxes(topic.questions)
    yield "At the end", [*boxes(assessment.end), *(_page(*page) for page in _AFTER)]


def _page(name: str, title: str, about: str) -> Box:
    return Box(name, (*_wrapped("title", title), *_wrapped("about", about)))


def _placed(rows: Iterable[tuple[str, list[Box]]]) -> Iterator[tuple[str, list[Box]]]:
    """Rows from top to bottom, boxes from left to right."""
    y = GAP
    for label, boxes in rows:
        row = [Box(box.id, box.lines, LEFT + at * (WIDTH + GAP), y) for at, box in enumerate(boxes)]
        yield label, row
        y += max(box.height for box in row) + GAP


def _lines(question: Question, assessment: Assessment) -> Iterator[Text]:
    yield from _wrapped("title", question.label)
    how = "choose all that fit" if question.choose == MANY else "choose one"
    yield Text("about", f"{question.id} · {how} · {'while there is room' if question.ask == ROOM else 'always'}")
    for condition in question.conditions:
        yield from _wrapped("if", f"Asked if {_in_words(condition, assessment)}")
    for option in question.options:
        yield from _option_lines(option)


def _option_lines(option: Option) -> Iterator[Text]:
    first, *rest = wrap(f"• {option.label}", LETTERS, subsequent_indent="   ")
    yield Text("", first, option.id)
    yield from (Text("", line) for line in rest)
    if option.needs:
        yield from _wrapped("high" if option.is_high else "need", f"→ {', '.join(option.needs)}{' (first)' if option.is_high else ''}")
    if option.urgent:
        yield Text("high", f"→ urgent help: {option.urgent}")


def _in_words(condition: Condition, assessment: Assessment) -> str:
    terms = []
    for name, options in condition.terms:
        question = assessment.by_id[name]
        labels = [option.label for option in question.options if option.id in options]
        terms.append(f"“{question.short}” is {' or '.join(f'“{label}”' for label in labels)}")
    return (", and " if condition.needs_all else ", or ").join(terms)


def _wrapped(style: str, text: str) -> list[Text]:
    letters = LETTERS - 6 if style == "title" else LETTERS
    return [Text(style, line) for line in wrap(text, letters, subsequent_indent="   " if text.startswith("→") else "")]


def _ways_on(rows: Sequence[tuple[str, list[Box]]]) -> Iterator[str]:
    """Grey arrows: along each row, and from "What would help?" by the left margin into every row below."""
    for _, row in rows:
        for box, following in pairwise(row):
            yield _line("next", (box.x + WIDTH, box.y + 20), (following.x, following.y + 20))
    helping, last = rows[0][1][-1], rows[-1][1][0]
    spine, low = LEFT - 30, helping.y + helping.height + GAP // 2
    yield f'<path class="next" d="M{helping.x + 20},{helping.y + helping.height} V{low} H{spine} V{last.y + 20} H{last.x}"/>'
    yield from (_line("next", (spine, row[0].y + 20), (row[0].x, row[0].y + 20)) for _, row in rows[1:-1])


def _openings(assessment: Assessment, boxes: Mapping[str, Box]) -> Iterator[str]:
    """Green lines, from each answer to the question that it opens; what several questions share leads to the first of them."""
    first: dict[Condition, Question] = {}
    for question in assessment.questions():
        for condition in question.conditions:
            first.setdefault(condition, question)
    for condition, question in first.items():
        target = boxes[question.id]
        for name, options in condition.terms:
            source = boxes[name]
            for option in sorted(options):
                yield _line("opens", (source.x + WIDTH, source.height_of(option)), (target.x, target.y + 32))


def _line(style: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    if style == "next":
        return f'<path class="next" d="M{start[0]},{start[1]} L{end[0]},{end[1]}"/>'
    (x, y), (to_x, to_y) = start, end
    if x < to_x and abs(to_y - y) < FAR:
        return f'<path class="opens" d="M{x},{y} C{x + GAP},{y} {to_x - GAP},{to_y} {to_x},{to_y}"/>'
    between = to_y - 32 - GAP // 3  # rows: far away or to the left, a line keeps to the gaps
    return f'<path class="opens" d="M{x},{y} H{x + GAP // 2} V{between} H{to_x - GAP // 4} V{to_y} H{to_x}"/>'


def _row(label: str, row: Iterable[Box]) -> Iterator[str]:
    for box in row:
        yield f'<rect class="box" x="{box.x}" y="{box.y}" width="{WIDTH}" height="{box.height}" rx="6"/>'
        for at, line in enumerate(box.lines):
            style = f' class="{line.style}"' if line.style else ""
            yield f'<text{style} x="{box.x + PAD}" y="{box.y + PAD + at * LINE + 14}" xml:space="preserve">{escape(line.text)}</text>'
        for at, words in enumerate(wrap(label, 16) if box.x == LEFT else ()):
            yield f'<text class="row" x="16" y="{box.y + 24 + at * 22}">{escape(words)}</text>'


def _arrow(name: str, colour: str) -> str:
    shape = f'<path d="M0,0 L8,4 L0,8 z" fill="{colour}"/>'
    return f'<marker id="{name}" markerWidth="8" markerHeight="8" refX="8" refY="4" orient="auto">{shape}</marker>'
