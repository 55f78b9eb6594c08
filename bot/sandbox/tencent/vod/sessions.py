"""What both kinds of VOD's picture tasks share: their de-duplication, and when results expire."""

from datetime import datetime

from bot.sandbox.tencent.account import Account
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import Params

SESSION_LIFE_S = 3 * 86_400  # (seed 004: de-duplication over three days)


def remember_session(account: Account, session: str | None) -> None:
    """Note a SessionId. Raises Refusal for one that was used within three days."""
    if not session:
        return
    now = account.now()
    if now - account.sessions.get(session, -SESSION_LIFE_S) < SESSION_LIFE_S:
        raise Refusal("InvalidParameterValue.SessionId", "The SessionId was used within 3 days.")
    account.sessions[session] = now


def expiry_is_a_time(params: Params) -> None:
    """Refuse an ExpireTime that is no ISO 8601 time."""
    try:
        expiry_of(params)
    except ValueError as error:
        raise refuse("InvalidParameter", "ExpireTime is no ISO 8601 time.") from error


def expiry_of(params: Params) -> float | None:
    """Give when a result expires, in unix seconds; None: never."""
    expiry = params.get("OutputConfig", {}).get("ExpireTime")
    return datetime.fromisoformat(expiry).timestamp() if expiry else None
