"""People whom councils wrote about, and what they would answer: data for stories over HTTP and in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# what somebody chooses who has nothing to say to a question
QUIET = ("fine", "none", "never", "nobody", "nothing", "untold", "checked", "gladly", "someone", "managing", "not-sure")


@dataclass(frozen=True)
class Person:
    """What somebody answers. `needs`: for each group of needs, some service of the plan meets at least one."""

    who: str
    place: str
    topics: tuple[str, ...]
    answers: Mapping[str, str | tuple[str, ...]]
    needs: tuple[frozenset[str], ...]
    texts: Mapping[str, str] = field(default_factory=dict)


def any_of(*needs: str) -> frozenset[str]:
    return frozenset(needs)


MR_M = Person(  # late eighties, dementia and Parkinson's, falls, wants to stay at home; his daughter answers
    who="helping",
    place="Eastmoor",
    topics=("home", "about", "memory", "caring"),
    answers={
        "washing": "help",
        "meals": "help",
        "harder": ("stairs-bath", "alone"),
        "falling": "fell",
        "outside": "help",
        "forgetting": "help",
        "dementia-told": "told",
        "conditions": ("parkinsons",),
        "carer-hard": ("health", "time"),
        "carer-on": "with-help",
        "carer-stand-in": "no-one",
        "carer-about": ("dementia",),
    },
    texts={"better": "He stays in his own home"},
    needs=(any_of("falls"), any_of("telecare"), any_of("dementia"), any_of("reablement"), any_of("carer-break"), any_of("stroke-brain")),
)
CORA = Person(  # lived alone, fell, broke a rib, was placed far away, wants to go home
    who="me",
    place="Northgate",
    topics=("home", "about"),
    answers={
        "washing": "help",
        "meals": "hurts",
        "harder": ("hospital", "alone"),
        "falling": "stuck",
        "outside": "help",
        "travel": ("confidence",),
    },
    texts={"better": "I am back in my own home"},
    needs=(any_of("home-from-hospital"), any_of("reablement"), any_of("falls"), any_of("telecare")),
)
MRS_B = Person(  # 78, fractured foot, lost her home and her dog
    who="me",
    place="Old Town",
    topics=("home", "about", "housing"),
    answers={
        "washing": "hurts",
        "meals": "hurts",
        "harder": ("hospital", "pet"),
        "falling": "fell",
        "outside": "hurts",
        "travel": ("aid", "lift"),
        "dwelling": ("losing",),
        "living": ("own-door",),
    },
    needs=(
        any_of("homelessness", "housing-advice"),
        any_of("home-from-hospital", "reablement"),
        any_of("pets"),
        any_of("supported-housing", "shared-lives"),
        any_of("equipment", "mobility-aids"),
    ),
)
MRS_L = Person(  # showering, dressing, confidence in walking
    who="me",
    place="Eastmoor",
    topics=("home", "about"),
    answers={"washing": "hurts", "falling": "worry", "outside": "hurts", "travel": ("confidence",)},
    needs=(any_of("reablement"), any_of("equipment"), any_of("falls")),
)
MR_K = Person(  # a learning disability: travelling, shopping and cooking alone
    who="me",
    place="Northgate",
    topics=("home", "about", "todo"),
    answers={"meals": "hurts", "travel": ("learn",), "days": ("skills",), "conditions": ("learning-disability",)},
    needs=(any_of("travel-training"), any_of("cooking-eating"), any_of("shopping"), any_of("learning-disability")),
)
MISS_J = Person(  # somebody cooks for her; she wants to do it herself, and says so in her own words only
    who="me",
    place="Eastmoor",
    topics=("home",),
    answers={"meals": "has-help"},
    texts={"better": "I want to cook my own meals"},
    needs=(any_of("cooking-eating"),),
)
MRS_A = Person(  # looks after her husband, and would never call herself a carer: she is only tired
    who="me",
    place="Eastmoor",
    topics=("mood",),
    answers={"feeling": "most"},
    texts={"better": "One whole night of sleep. I look after my husband and I'm worn out."},
    needs=(any_of("carer-break", "carer-support"), any_of("low-mood", "talking-therapy")),
)
MR_D = Person(  # says that somebody counts on him, and no more
    who="me",
    place="Old Town",
    topics=("caring",),
    answers={"counted-on": "daily", "carer-hard": ("time", "work"), "carer-on": "with-help", "carer-stand-in": "no-one"},
    needs=(any_of("carer-break"), any_of("carer-support"), any_of("work")),
)
PEOPLE = {
    "Mr M": MR_M,
    "Cora": CORA,
    "Mrs B": MRS_B,
    "Mrs L": MRS_L,
    "Mr K": MR_K,
    "Miss J": MISS_J,
    "Mrs A": MRS_A,
    "Mr D": MR_D,
}
