"""Settings of mail and text messages: what may be left out, what belongs together, and no secret in a refusal."""

from __future__ import annotations

import pytest

from portal.config import from_environment
from portal.errors import ConfigError

PRODUCTION = {"PORTAL_ENV": "production", "PORTAL_SECRET_KEY": "s" * 32, "PORTAL_BASE_URL": "https://help.example.gov.uk"}
MAIL = {"PORTAL_SMTP_URL": "smtp://mail.example.org", "PORTAL_MAIL_FROM": "doorstep@example.org"}
TEXTS = {"PORTAL_SMS_URL": "https://sms.example.org/v1/messages?from=Doorstep", "PORTAL_SMS_TOKEN": "to-ken"}


@pytest.mark.parametrize("base", [{}, PRODUCTION])
def test_all_of_it_may_be_left_out(base: dict[str, str]) -> None:
    settings = from_environment(base)
    assert (settings.smtp_url, settings.mail_from, settings.sms_url, settings.sms_token) == ("", "", "", "")


def test_what_is_set_to_nothing_is_not_set() -> None:
    names = ("SMTP_URL", "MAIL_FROM", "SMS_URL", "SMS_TOKEN")
    assert from_environment({f"PORTAL_{name}": "" for name in names}) == from_environment({})


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.org",
        "smtp://127.0.0.1:2525/",
        "smtp://[::1]:25",
        "smtps://mail.example.org:465",
        "smtp://user:pass%40word%2F@mail.example.org:587",
        "smtps://door%40example.org:p@mail.example.org",
    ],
)
def test_a_mail_server_is_taken_as_it_is_written(url: str) -> None:
    assert from_environment({**PRODUCTION, **MAIL, "PORTAL_SMTP_URL": url}).smtp_url == url


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "mail.example.org:25",
        "http://mail.example.org",
        "SMTP//mail.example.org",
        "smtp://",
        "smtp://:25",
        "smtp://mail.example.org:mail",
        "smtp://mail.example.org:0",
        "smtp://mail.example.org:65536",
        "smtp://[::1",
        "smtp://mail.example.org/inbox",
        "smtp://mail.example.org?starttls=no",
        "smtp://mail.example.org\n",
        "smtp://mail example.org",
        "smtp://user:hush#er@mail.example.org",
        "smtp://user:hush/er@mail.example.org",
        "smtp://user:hush?er@mail.example.org",
        "smtp://user@mail.example.org",
        "smtp://user:@mail.example.org",
        "smtp://:hush@mail.example.org",
        "smtp://user:hüsh@mail.example.org",
        "smtp://user:hush%0A@mail.example.org",
        "smtp://user:hush%C3%BC@mail.example.org",
    ],
)
def test_a_mail_server_that_cannot_be_meant_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match="PORTAL_SMTP_URL") as refused:
        from_environment({**MAIL, "PORTAL_SMTP_URL": url})
    assert "hush" not in str(refused.value)
    assert refused.value.__context__ is None, "which would show it in a traceback"


def test_a_mail_server_without_a_sender_is_refused() -> None:
    with pytest.raises(ConfigError, match="PORTAL_MAIL_FROM must be set"):
        from_environment({**MAIL, "PORTAL_MAIL_FROM": ""})


@pytest.mark.parametrize(
    "sender", ["a@example.org", "no-reply+x@localhost", "Doorstep <a@example.org>", "Cyngor Môn, St. Asaph <a.b@c.d.org>"]
)
def test_a_sender_may_have_a_name_and_needs_no_server(sender: str) -> None:
    assert from_environment({"PORTAL_MAIL_FROM": sender}).mail_from == sender


@pytest.mark.parametrize(
    "sender",
    [
        "doorstep",
        "@example.org",
        "a@",
        "a@b, c@d",
        "a@b\nBcc: c@d",
        "A\nBcc: x <a@b>",
        "A <a@b",
        "A <a@b> <c@d>",
        "<a@b>",
        '"A" <a@b>',
        "a b@c",
        "jörg@b",
        "a@bücher.de",
        "a@b..org",
        "a@b.",
        "a@b\n",
    ],
)
def test_a_sender_that_is_not_one_address_is_refused(sender: str) -> None:
    with pytest.raises(ConfigError, match="PORTAL_MAIL_FROM"):
        from_environment({"PORTAL_MAIL_FROM": sender})


@pytest.mark.parametrize("url", [TEXTS["PORTAL_SMS_URL"], "http://127.0.0.1:8080/send", "http://localhost/send", "http://[::1]/send"])
def test_a_gateway_is_reached_over_https_or_on_this_machine(url: str) -> None:
    assert from_environment({**PRODUCTION, **TEXTS, "PORTAL_SMS_URL": url}).sms_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.org/send",
        "http://127.0.0.1.example.org/send",
        "sms.example.org",
        "https://",
        "https://h:x/",
        "https://a b/",
        "ftp://a/",
        "https://a/#b",
    ],
)
def test_a_gateway_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="PORTAL_SMS_URL must be"):
        from_environment({**TEXTS, "PORTAL_SMS_URL": url})


def test_gateway_and_token_belong_together() -> None:
    for name, value in TEXTS.items():
        with pytest.raises(ConfigError, match="PORTAL_SMS_URL and PORTAL_SMS_TOKEN must be set together") as refused:
            from_environment({name: value})
        assert value not in str(refused.value)


@pytest.mark.parametrize("token", ["hush hush", "hush\n", "hüsh", " hush", "hush\x7f"])
def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ConfigError, match="PORTAL_SMS_TOKEN") as refused:
        from_environment({**TEXTS, "PORTAL_SMS_TOKEN": token})
    assert token not in str(refused.value)
