"""Passkeys (WebAuthn): a challenge for one browser, the answer of its authenticator in, a person or a new passkey out. None commits.

A challenge is used up by the first answer, whatever it is worth; so an answer that was recorded is worth nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.audiences import Member
from portal.accounts.models import Person
from portal.accounts.signing.models import Ceremony, Passkey
from portal.accounts.signing.room import SigningRoom
from portal.sealing import key_of_token, new_token

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
    from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential
    from webauthn.registration.verify_registration_response import VerifiedRegistration

LASTS: Final = timedelta(minutes=5)
MOST: Final = 20  # of one person
LONGEST_NAME: Final = 60
_MILLISECONDS: Final = int(LASTS.total_seconds() * 1000)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Begun:
    """A ceremony under way: the token for the browser's cookie, and what its script needs, as JSON."""

    token: str
    options: str


def begin_use(session: Session, room: SigningRoom) -> Begun:
    """A challenge for whatever passkey a browser has for this site. It names nobody."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    shown = UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(rp_id=room.host, timeout=_MILLISECONDS, user_verification=shown)
    return Begun(_begin(session, options.challenge, None), options_to_json(options))


def begin_adding(session: Session, room: SigningRoom, member: Member) -> Begun:
    """A challenge with which a member makes a new passkey, on a device that has none of theirs yet."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == member.id))
    options = generate_registration_options(
        rp_id=room.host,
        rp_name=room.pack.site,
        user_id=member.id.bytes,
        user_name=member.email,
        user_display_name=member.name or member.email,
        timeout=_MILLISECONDS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return Begun(_begin(session, options.challenge, member.id), options_to_json(options))


def use(session: Session, room: SigningRoom, browser: str, answer: str) -> uuid.UUID | None:
    """Whose passkey has answered this browser's challenge; nobody for anything that is not exactly that."""
    ceremony = _take(session, browser)
    credential = _read(answer)
    if ceremony is None or ceremony.person_id is not None or credential is None:
        return None
    kept = session.scalar(select(Passkey).where(Passkey.credential_id == credential.raw_id))
    owner = session.get(Person, kept.person_id) if kept is not None else None
    handle = credential.response.user_handle
    if kept is None or owner is None or owner.left_at is not None or handle not in (None, owner.id.bytes):
        return None
    verified = _verify(room, ceremony, credential, kept)
    if verified is None:
        return None
    is_as_read = (Passkey.id == kept.id, Passkey.sign_count == kept.sign_count)
    count = {"sign_count": verified.new_sign_count, "used_at": clock.now()}
    counted = session.execute(update(Passkey).where(*is_as_read).values(**count).returning(Passkey.person_id))
    return counted.scalar_one_or_none()


def add(session: Session, room: SigningRoom, browser: str, answer: str, member: Member) -> Passkey | None:
    """A new passkey of a member, still without a name; nothing for anything that does not answer this browser's challenge to them."""
    ceremony = _take(session, browser)
    number = len(session.scalars(select(Passkey.id).where(Passkey.person_id == member.id)).all())
    if ceremony is None or ceremony.person_id != member.id or number >= MOST:
        return None
    registered = _registered(room, ceremony, answer)
    if registered is None:
        return None
    credential, made = registered
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        return None
    kept = {"person_id": member.id, "credential_id": made.credential_id, "public_key": made.credential_public_key}
    ways = ",".join(each.value for each in credential.response.transports or ())
    passkey = Passkey(id=uuid.uuid4(), **kept, sign_count=made.sign_count, transports=ways, name="", added_at=clock.now())
    session.add(passkey)
    return passkey


def rename(session: Session, person_id: uuid.UUID, passkey_id: uuid.UUID, name: str) -> bool:
    """Call a passkey of one's own something else; whether there is such a one."""
    renamed = update(Passkey).where(*_own(person_id, passkey_id)).values(name=name).returning(Passkey.id)
    return session.execute(renamed).one_or_none() is not None


def remove(session: Session, person_id: uuid.UUID, passkey_id: uuid.UUID) -> bool:
    """Take a passkey of one's own away; whether there was such a one. Whether it may go is for the caller to ask (`ways`)."""
    return session.execute(delete(Passkey).where(*_own(person_id, passkey_id)).returning(Passkey.id)).one_or_none() is not None


def purge_ceremonies(session: Session) -> None:
    """Forget challenges that nobody answered in time. Never commits."""
    session.execute(delete(Ceremony).where(Ceremony.ends_at <= clock.now()).execution_options(synchronize_session=False))


def _begin(session: Session, challenge: bytes, person_id: uuid.UUID | None) -> str:
    token = new_token()
    session.add(Ceremony(id=_id(token), challenge=challenge, person_id=person_id, ends_at=clock.now() + LASTS))
    return token


def _take(session: Session, browser: str) -> Ceremony | None:
    """The challenge that a browser was given, which nobody can answer again."""
    is_open = (Ceremony.id == _id(browser), Ceremony.ends_at > clock.now())
    taken = delete(Ceremony).where(*is_open).returning(Ceremony).execution_options(synchronize_session=False)
    return session.scalars(taken).one_or_none() if browser else None


def _registered(room: SigningRoom, ceremony: Ceremony, answer: str) -> tuple[RegistrationCredential, VerifiedRegistration] | None:
    """What an authenticator has made, if it is for what was asked, here."""
    from webauthn import verify_registration_response
    from webauthn.helpers import parse_registration_credential_json

    try:
        credential = parse_registration_credential_json(answer)
        made = verify_registration_response(
            credential=credential,
            expected_challenge=ceremony.challenge,
            expected_rp_id=room.host,
            expected_origin=room.origin,
            require_user_verification=True,
        )
    except Exception as error:  # the library's own, and what its parsers of JSON, CBOR and keys raise on rubbish
        log.info("passkey refused", reason=type(error).__name__)
        return None
    return credential, made


def _read(answer: str) -> AuthenticationCredential | None:
    from webauthn.helpers import parse_authentication_credential_json

    try:
        return parse_authentication_credential_json(answer)
    except Exception as error:  # whatever rubbish makes its parsers raise
        log.info("passkey refused", reason=type(error).__name__)
        return None


def _verify(room: SigningRoom, ceremony: Ceremony, credential: AuthenticationCredential, kept: Passkey) -> VerifiedAuthentication | None:
    """What the authenticator has signed, if it is what was asked, here, and its counter has not gone back as a copy's would."""
    from webauthn import verify_authentication_response

    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=ceremony.challenge,
            expected_rp_id=room.host,
            expected_origin=room.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        log.info("passkey refused", reason=type(error).__name__)
        return None


def _own(person_id: uuid.UUID, passkey_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (Passkey.id == passkey_id, Passkey.person_id == person_id)


def _id(token: str) -> str:
    return key_of_token(token, "passkey ceremony").id
