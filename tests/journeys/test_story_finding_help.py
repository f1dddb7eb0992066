"""Somebody says what is wrong, in their own words and language, and finds help near them. No script, no account."""

from __future__ import annotations

from flask.testing import FlaskClient
from visiting import Screen, visit


def asked(client: FlaskClient, language: str, words: str, place: str = "") -> Screen:
    home = visit(client, f"/{language}/")
    form = next(it for it in home.page.all("form") if it.get("role") == "search")
    return visit(client, f"{form.get('action')}?q={words}&place={place}")


def test_a_daughter_finds_help_for_her_mum_who_keeps_falling_in_eastmoor(client: FlaskClient) -> None:
    home = visit(client, "/en/")
    assert home.heading == "What would help?"

    results = home.send("Find help", q="my mum keeps falling", place="Eastmoor")
    assert "can help with falls and balance in or near Eastmoor" in results.text
    assert len(results.services) >= 5
    assert results.text.count("Helps with: falls and balance") >= 3
    assert results.part("urgent") == ""

    at_home = results.send("Show these", how=["home"])
    assert at_home.query["how"] == ["home"]
    assert at_home.query["q"] == ["my mum keeps falling"]
    assert set(at_home.services) < set(results.services) or at_home.services != results.services
    assert "Remove: Comes to you" in at_home.text

    service = at_home.follow(at_home.names[0])
    assert service.heading == at_home.names[0]
    for question in ("Can I use it?", "When and where?", "How do I start?"):
        assert question in service.text
    assert service.link("Call ").startswith("tel:")
    crumb = service.page.tree.find(".//ul[@class='crumbs']/li/a")
    assert crumb is not None
    organization = service.follow("".join(crumb.itertext()))
    assert service.heading in organization.text


def test_a_man_who_feels_alone_asks_in_turkish_and_finds_the_same_groups_as_in_english(client: FlaskClient) -> None:
    turkish = asked(client, "tr", "kendimi yalnız hissediyorum", "Eastmoor")
    english = asked(client, "en", "I feel lonely", "Eastmoor")
    assert turkish.page.language == "tr"
    assert len(set(turkish.services[:8]) & set(english.services[:8])) >= 5
    service = turkish.follow(turkish.names[0])
    assert service.path.startswith("/tr/services/")
    assert service.page.language_of(service.page.all("h1")[0]) == "en"


def test_a_woman_who_cannot_pay_for_food_asks_in_urdu_and_is_told_of_help_today_and_of_food_banks(client: FlaskClient) -> None:
    urdu = asked(client, "ur", "میرے پاس کھانے کے پیسے نہیں ہیں")
    english = asked(client, "en", "I have no money for food")
    assert (urdu.page.tree.get("lang"), urdu.page.tree.get("dir")) == ("ur", "rtl")
    assert len(urdu.services) >= 5
    assert len(set(urdu.services[:8]) & set(english.services[:8])) >= 4
    assert urdu.follow(urdu.names[0]).page.tree.get("dir") == "rtl"


def test_a_postcode_that_is_not_known_is_kept_and_the_question_answered_without_it(client: FlaskClient) -> None:
    results = asked(client, "en", "food", "XX1 9ZZ")
    assert results.status == 200
    assert "We don't know the place “XX1 9ZZ”" in results.text
    assert results.filled_in("place") == "XX1 9ZZ"
    assert results.filled_in("q") == "food"
    assert len(results.services) >= 5

    in_eastmoor = results.follow("Eastmoor")
    assert in_eastmoor.query == {"q": ["food"], "place": ["Eastmoor"]}
    assert "in or near Eastmoor" in in_eastmoor.text


def test_a_place_that_may_be_several_is_asked_back_and_not_guessed(client: FlaskClient) -> None:
    results = asked(client, "en", "lunch", "Mill")
    assert "Did you mean…" in results.text
    assert "Until you choose, we show every area." in results.text
    assert results.services
    chosen = results.follow("Mill Lane")
    assert chosen.filled_in("place") == "Mill Lane"
    assert "in or near Mill Lane" in chosen.text
    assert "Did you mean" not in chosen.text


def test_nothing_found_offers_wider_questions_with_true_counts_and_somebody_to_ring(client: FlaskClient) -> None:
    results = visit(client, "/en/search?q=falls&place=Eastmoor&when=evening&access=bsl&within=1")
    assert results.text.count("We found nothing that fits all of that") == 1
    offers = [it.text or "" for it in results.page.tree.findall(".//section[@aria-labelledby='more']/ul/li/a")]
    assert offers
    assert results.link("Call ").startswith("tel:")
    for offer in offers:
        wider = results.follow(offer)
        count = int(offer.split()[0])
        assert count > 0
        assert f"{count} service" in wider.text, f"{offer!r} leads to {wider.text[:200]!r}"


def test_words_that_nobody_knows_still_end_with_a_number_to_ring_and_never_with_an_error(client: FlaskClient) -> None:
    results = asked(client, "en", "zzxqvv")
    assert results.status == 200
    assert "We found nothing" in results.text
    assert results.filled_in("q") == "zzxqvv"
    assert results.link("Call ").startswith("tel:")
    assert "Urgent help and helplines" in results.text


def test_an_area_can_be_looked_at_without_a_question_and_its_counts_are_those_of_its_links(client: FlaskClient) -> None:
    borough = visit(client, "/en/").follow("See everything, by area")
    eastmoor = borough.follow("Eastmoor")
    assert eastmoor.heading == "Eastmoor"
    entries = [item for item in eastmoor.page.tree.iter("li") if item.find("span[@class='count']") is not None]
    assert len(entries) >= 20
    for entry in entries[:5]:
        words, count = (entry.find("a").text or ""), (entry.find("span").text or "").strip("()")  # type: ignore[union-attr]  # both are there
        assert f"{count} service" in eastmoor.follow(words).text


def test_a_question_is_answered_page_by_page_and_no_service_comes_twice(client: FlaskClient) -> None:
    screen = visit(client, "/en/search?need=social-groups")
    seen = list(screen.services)
    while any("Next" in "".join(link.itertext()) for link in screen.page.all("a")):
        screen = screen.follow("Next")
        seen += screen.services
    assert len(seen) == len(set(seen)) > 15
    assert f"{len(seen)} services" in screen.text
