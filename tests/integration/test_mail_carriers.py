"""Who takes messages away: a folder, a mail server, a gateway; down, refusing, hanging, without encryption; headers kept whole."""

from __future__ import annotations

import email
import smtplib
import ssl
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from mail_servers import MailServer, certificate, gateway, mail_server
from sqlalchemy import Engine
from structlog.testing import capture_logs

from portal import clock
from portal.config import from_environment
from portal.db import writing
from portal.mail import Carriers, Message, carriers_from, deliver, post
from portal.mail.carriers import FolderCarrier, Refused, SmsCarrier, SmtpCarrier, _greet, _tls
from portal.mail.letter import Letter, Link, Paragraph

SENDER = "Doorstep, Calderwick <doorstep@help.example.org>"
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SECRET = "s" * 32
LETTER = Message("email", "sam@example.org", "Your next steps", "Dear Sam,\n\n.a line with a stop\nFrom here on: بولیے\n" + "long " * 300)
TEXT = Message("sms", "+447700900123", "", "بولیے\nIt is £2.")
GONE = (smtplib.SMTPServerDisconnected, TimeoutError)
WAITS = 1.5  # seconds for a server that hangs; a well one needs none of them, on a busy machine a few tenths
ID = "0b8e53f6-53c8-4ea2-9a0e-4f3f4b1f6d5a"


def carrier(server: MailServer, scheme: str = "smtp", who: str = "", timeout: float = 5.0) -> SmtpCarrier:
    return SmtpCarrier(f"{scheme}://{who}127.0.0.1:{server.port}", SENDER, timeout)


def read(taken: bytes) -> EmailMessage:
    message = email.message_from_bytes(taken, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def test_an_e_mail_arrives_as_it_was_written(stopped_clock: datetime) -> None:
    with mail_server() as server:
        carrier(server).send(LETTER, ID)
    [taken] = server.taken
    found = read(taken)
    assert dict(found.items()) == {
        "From": '"Doorstep, Calderwick" <doorstep@help.example.org>',
        "To": "sam@example.org",
        "Subject": "Your next steps",
        "Date": "Tue, 24 Nov 2026 10:30:00 +0000",
        "Message-ID": f"<{ID}@help.example.org>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    assert text_of(found) == f"{LETTER.body}\n"
    assert taken.isascii(), "whatever the servers between cannot carry"
    assert max(len(line) for line in taken.splitlines()) <= 78
    assert server.said[:3] == ["ehlo help.example.org", "mail FROM:<doorstep@help.example.org>", "rcpt TO:<sam@example.org>"]


def test_an_e_mail_with_html_says_the_same_twice_and_in_which_language() -> None:
    letter = Letter("جواب آ گیا ہے", "", (Paragraph("بولیے\nFrom here on"), Link("Open", "https://help.example.org/ur/plan/open")), "ur")
    with mail_server() as server:
        carrier(server).send(letter.message("sam@example.org"), ID)
    [taken] = server.taken
    found = read(taken)
    assert found["Content-Language"] == "ur"
    assert found.get_content_type() == "multipart/alternative"
    plain, html = found.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part in (plain, html):
        assert "بولیے" in part.get_content()
        assert "https://help.example.org/ur/plan/open" in part.get_content()
    assert taken.isascii()
    assert max(len(line) for line in taken.splitlines()) <= 78
    assert b"\nFrom here" in taken.replace(b"\r", b""), "no > before it"


def test_a_repeat_carries_the_same_id() -> None:
    with mail_server() as server:
        for _ in range(2):
            carrier(server).send(LETTER, ID)
    assert {read(taken)["Message-ID"] for taken in server.taken} == {f"<{ID}@help.example.org>"}


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x00\n"])
def test_no_line_break_reaches_a_header(line_break: str) -> None:
    message = replace(LETTER, subject=f"Hello{line_break}Bcc: eve@example.org{line_break}{line_break}<p>", body="b")
    with mail_server() as server:
        carrier(server).send(message, ID)
    found = read(server.taken[0])
    assert found["Subject"] == "Hello Bcc: eve@example.org <p>"
    assert found["Bcc"] is None
    assert text_of(found) == "b\n"


@pytest.mark.parametrize(
    "to",
    [
        "sam@example.org\r\nBcc: eve@example.org",
        "sam@example.org\n",
        "sam@example.org, eve@example.org",
        "sam@example.org;eve@example.org",
        "Sam <sam@example.org>, eve@example.org",
        "Group: eve@example.org;",
        "sam@example.org> RCPT TO:<eve@example.org",
        "<sam@example.org>",
        "sam",
        "@example.org",
        "sam@",
        "sam@a..b",
        "",
    ],
)
def test_what_is_not_one_address_goes_nowhere(to: str) -> None:
    with mail_server() as server, pytest.raises(ValueError) as refused:  # noqa: PT011 - of a kind with what the codec raises
        carrier(server).send(replace(LETTER, to=to), ID)
    assert server.said == []
    assert "eve" not in str(refused.value)


def test_letters_of_every_language_reach_subject_and_text_and_hosts() -> None:
    subject = "اگلے قدم \u2013 نا\u200cم " + "ș" * 90
    with mail_server() as server:
        carrier(server).send(Message("email", "sam@bücher.example", subject, "Następne kroki \ud800"), ID)
    found = read(server.taken[0])
    assert found["Subject"] == subject
    assert text_of(found) == "Następne kroki ?\n"
    assert found["To"] == "sam@xn--bcher-kva.example"


def test_a_name_beyond_ascii_is_sent_where_the_server_can_and_refused_where_not() -> None:
    message = replace(LETTER, to="jörg@example.org")
    with mail_server(features=("8BITMIME", "SMTPUTF8")) as server:
        carrier(server).send(message, ID)
    assert len(server.taken) == 1
    with mail_server() as server, pytest.raises(smtplib.SMTPNotSupportedError):
        carrier(server).send(message, ID)


@pytest.mark.parametrize(
    ("behaviour", "raised"),
    [
        ({"answers": {"220": "554 go away"}}, smtplib.SMTPConnectError),
        ({"answers": {"MAIL": "451 not now"}}, smtplib.SMTPSenderRefused),
        ({"answers": {"RCPT": "550 no such user"}}, Refused),
        ({"answers": {"RCPT": "421 going"}}, smtplib.SMTPRecipientsRefused),
        ({"answers": {"DATA": "552 full"}}, Refused),
        ({"answers": {"TAKEN": "554 no"}}, Refused),
        ({"answers": {"TAKEN": "421 going"}}, smtplib.SMTPDataError),
        ({"hangs_at": "220"}, GONE),
        ({"hangs_at": "EHLO"}, GONE),
        ({"hangs_at": "RCPT"}, GONE),
        ({"hangs_at": "TAKEN", "answers": {"TAKEN": "never"}}, GONE),
    ],
)
def test_a_server_that_refuses_or_hangs_has_not_taken_it(
    behaviour: dict[str, object], raised: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with mail_server(**behaviour) as server, pytest.raises(raised):
        carrier(server, timeout=WAITS).send(LETTER, ID)
    assert server.taken == []


@pytest.mark.parametrize("behaviour", [{"hangs_at": "QUIT"}, {"answers": {"QUIT": "421 too late"}}, {"answers": {"QUIT": "500 what"}}])
def test_what_a_server_says_after_taking_it_is_no_reason_to_send_it_twice(behaviour: dict[str, object]) -> None:
    with mail_server(**behaviour) as server:
        carrier(server, timeout=WAITS).send(LETTER, ID)
    assert len(server.taken) == 1


def test_encryption_is_taken_up_where_it_is_offered(tmp_path: Path) -> None:
    with mail_server(certificate=certificate(tmp_path)) as server:
        carrier(server).send(LETTER, ID)
    with mail_server(certificate=certificate(tmp_path), is_wrapped=True) as wrapped:
        carrier(wrapped, "smtps").send(LETTER, ID)
    assert server.encrypted + wrapped.encrypted == [True, True]


def test_the_user_signs_in_with_the_password_as_it_is_meant() -> None:
    with mail_server(features=("AUTH PLAIN",)) as server:
        carrier(server, who="door%40step:p%3Ass%2Fw@").send(LETTER, ID)
    assert "AUTH PLAIN AGRvb3JAc3RlcABwOnNzL3c=" in server.said  # \0door@step\0p:ss/w
    with mail_server(features=("AUTH PLAIN",), answers={"AUTH": "535 wrong"}) as server, pytest.raises(smtplib.SMTPAuthenticationError):
        carrier(server, who="u:p@").send(LETTER, ID)
    assert server.taken == []


def test_a_password_goes_nowhere_without_encryption_but_to_this_machine() -> None:
    with mail_server(features=("AUTH PLAIN",)) as server:
        connection = smtplib.SMTP("127.0.0.1", server.port, "here")
        with connection, pytest.raises(smtplib.SMTPNotSupportedError):
            _greet(connection, urlsplit("smtp://user:password@mail.example.org"))
    assert not [line for line in server.said if line.startswith("AUTH")]


def test_certificates_are_checked_elsewhere_than_on_this_machine(tmp_path: Path) -> None:
    assert (_tls("mail.example.org").verify_mode, _tls("mail.example.org").check_hostname) == (ssl.CERT_REQUIRED, True)
    assert _tls("localhost").verify_mode == ssl.CERT_NONE
    with mail_server(certificate=certificate(tmp_path)) as server, smtplib.SMTP("127.0.0.1", server.port, "here") as connection:
        with pytest.raises(ssl.SSLCertVerificationError):
            _greet(connection, urlsplit("smtp://mail.example.org"))
        connection.close()
    assert server.taken == []


def test_the_outbox_waits_for_a_server_that_is_down_and_says_nothing_about_the_message(database: Engine) -> None:
    with mail_server(answers={"RCPT": f"550 no such user {LETTER.to}"}) as refusing:
        mail = carrier(refusing)
        with clock.stopped_at(NOW), writing(database) as session:
            post(session, SECRET, LETTER)
        with capture_logs() as lines, clock.stopped_at(NOW):
            assert deliver(database, SECRET, Carriers(mail, mail)) == 0
    with capture_logs() as more, clock.stopped_at(NOW + timedelta(minutes=1)):
        assert deliver(database, SECRET, Carriers(mail, mail)) == 0
    assert [line["reason"] for line in lines + more] == ["Refused", "ConnectionRefusedError"]
    assert LETTER.to not in str(lines + more)
    with mail_server() as back, clock.stopped_at(NOW + timedelta(hours=1)):
        assert deliver(database, SECRET, Carriers(carrier(back), mail)) == 1
    assert len(back.taken) == 1


def test_a_text_message_is_handed_to_the_gateway() -> None:
    with gateway() as site:
        SmsCarrier(site.url, "to-ken").send(TEXT, ID)
    [(headers, content)] = site.had
    assert content == {"to": TEXT.to, "body": TEXT.body}
    assert headers["Authorization"] == "Bearer to-ken"
    assert headers["Idempotency-Key"] == ID
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_a_gateway_that_does_not_say_yes_has_not_taken_it(status: int) -> None:
    with gateway(status) as site, pytest.raises(httpx.HTTPStatusError):
        SmsCarrier(site.url, "to-ken").send(TEXT, ID)
    assert len(site.had) == 1
    with pytest.raises(httpx.ConnectError):
        SmsCarrier(site.url, "to-ken").send(TEXT, ID)


@pytest.mark.parametrize("status", [400, 422])
def test_a_gateway_that_knows_no_such_number_refuses_it_for_good(status: int) -> None:
    with gateway(status) as site, pytest.raises(Refused) as refused:
        SmsCarrier(site.url, "to-ken").send(TEXT, ID)
    assert refused.value.is_for_good
    assert TEXT.to not in str(refused.value)


def test_a_gateway_that_hangs_is_left() -> None:
    with mail_server(hangs_at="220") as silent, pytest.raises(httpx.TimeoutException):
        SmsCarrier(f"http://127.0.0.1:{silent.port}/", "to-ken", 0.3).send(TEXT, ID)


@pytest.mark.usefixtures("stopped_clock")
def test_the_folder_holds_messages_for_its_owner_alone(tmp_path: Path) -> None:
    outbox = tmp_path / "instance" / "outbox"
    outbox.mkdir(parents=True, mode=0o755)
    for message in (LETTER, TEXT):
        FolderCarrier(outbox, SENDER).send(message, ID)
    files = {path.name: path for path in outbox.iterdir()}
    assert set(files) == {f"20261124T103000Z-{ID}.eml", f"20261124T103000Z-{ID}.txt"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o700
    letter = read(files[f"20261124T103000Z-{ID}.eml"].read_bytes())
    assert (letter["To"], letter["Message-ID"]) == (LETTER.to, f"<{ID}@help.example.org>")
    assert text_of(letter) == f"{LETTER.body}\n"
    assert files[f"20261124T103000Z-{ID}.txt"].read_text("utf-8") == f"To: {TEXT.to}\n\n{TEXT.body}\n"


def test_links_and_letters_in_the_folder_can_be_read_as_they_stand(tmp_path: Path) -> None:
    link = "https://help.example.org/answer/" + "Az09-_=" * 12
    FolderCarrier(tmp_path / "outbox").send(replace(LETTER, body=f"بولیے {link}"), ID)
    [path] = (tmp_path / "outbox").iterdir()
    assert f"بولیے {link}" in path.read_text("utf-8")


def test_a_folder_that_cannot_be_written_to_has_not_taken_it(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(OSError, match="outbox"):
        FolderCarrier(tmp_path / "outbox").send(TEXT, ID)


MAIL = {"PORTAL_SMTP_URL": "smtp://u:hush@mail.example.org", "PORTAL_MAIL_FROM": SENDER}
TEXTS = {"PORTAL_SMS_URL": "https://sms.example.org/send", "PORTAL_SMS_TOKEN": "hush"}


@pytest.mark.parametrize(("mail", "texts"), [({}, {}), (MAIL, {}), ({}, TEXTS), (MAIL, TEXTS)])
def test_channels_without_a_server_go_to_the_folder_and_it_is_said(mail: dict[str, str], texts: dict[str, str], tmp_path: Path) -> None:
    found = carriers_from(from_environment({**mail, **texts, "PORTAL_STATE": str(tmp_path)}))
    assert (found.is_folder("email"), found.is_folder("sms")) == (not mail, not texts)
    assert "hush" not in repr(found)
    if not texts:
        assert found.sms == FolderCarrier(tmp_path / "instance" / "outbox", SENDER if mail else "noreply@localhost")
    assert not (tmp_path / "instance").exists(), "nothing is made before there is something to say"
