"""The WebSocket API's methods about the session itself and the accounts that it hears.

Source: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-api.md
"""

from typing import Any

from tools.exchange import errors
from tools.exchange.call import check_right
from tools.exchange.spot.accounts import Account
from tools.exchange.spot.desk import Desk
from tools.exchange.streams.errors import only_ed25519, unauthorized
from tools.exchange.streams.method import Method, Params
from tools.exchange.streams.session import Session
from tools.exchange.streams.signing import identify_signer
from tools.exchange.streams.user_data import UserData


def desk_of(session: Session) -> Desk:
    """Where the accounts are kept; raises -1020 on a server without accounts."""
    if session.desk is None:
        raise errors.unsupported(400)
    return session.desk


def signer_of(session: Session, params: Params) -> Account:
    """The account that signed a request; raises ApiError."""
    return identify_signer(desk_of(session), params, session.clock())


def _subscribe(session: Session, params: Params) -> dict[str, Any]:
    account = signer_of(session, params)
    check_right(account, "USER_DATA")
    return {"subscriptionId": _user_data(session).subscribe(account.uid)}


def _unsubscribe(session: Session, params: Params) -> dict[str, Any]:
    """Each subscription that ends says so in an event, before the response."""
    user_data = _user_data(session)
    for number in user_data.unsubscribe(_subscription(params)):
        user_data.tell(number, {"e": "eventStreamTerminated", "E": session.clock()})
    return {}


def _subscription(params: Params) -> int | None:
    number = params.get("subscriptionId")
    if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
        raise errors.invalid("subscriptionId")
    return number


def _list_subscriptions(session: Session, _: Params) -> list[dict[str, Any]]:
    return [{"subscriptionId": number} for number in _user_data(session).subscriptions]


def _subscribe_logged_on(_: Session, __: Params) -> None:
    raise unauthorized()


def _log_on(session: Session, params: Params) -> None:
    """Refused for every key there is, after its signature was checked."""
    signer_of(session, params)
    raise only_ed25519()


def _describe(session: Session, _: Params) -> dict[str, Any]:
    return session.describe()


def _user_data(session: Session) -> UserData:
    if session.user_data is None:
        raise errors.unsupported(400)
    return session.user_data


METHODS = {
    "session.logon": Method(2, _log_on),
    "session.status": Method(2, _describe),
    "session.logout": Method(2, _describe),
    "session.subscriptions": Method(2, _list_subscriptions),
    "userDataStream.subscribe": Method(2, _subscribe_logged_on),
    "userDataStream.subscribe.signature": Method(2, _subscribe),
    "userDataStream.unsubscribe": Method(2, _unsubscribe),
}
