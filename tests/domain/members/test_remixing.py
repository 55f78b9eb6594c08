"""Who may restyle whose picture: each owner's word, each rule of a server, results and uploads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.members.errors import OwnerForbids, OwnPicturesOnly, UploadNotShared, UploadOfABot
from bot.domain.members.remixing import RemixRule, Whose, refusal_to_restyle

ADA, BOB = 1, 2
UPLOAD, RESULT = Whose(ADA, is_result=False), Whose(ADA, is_result=True)
HOOKS = Whose(ADA, is_result=False, is_person=False)
OWN, MEMBERS, UPLOADS = RemixRule.OWN, RemixRule.MEMBERS, RemixRule.UPLOADS


@pytest.mark.parametrize(
    ("whose", "rule", "allows", "expected"),
    [
        (RESULT, MEMBERS, None, None),
        (UPLOAD, MEMBERS, None, UploadNotShared),
        (RESULT, MEMBERS, True, None),
        (UPLOAD, MEMBERS, True, None),
        (RESULT, UPLOADS, None, None),
        (UPLOAD, UPLOADS, None, None),
        (HOOKS, MEMBERS, None, UploadOfABot),
        (HOOKS, UPLOADS, None, None),
        (HOOKS, OWN, None, OwnPicturesOnly),
        (RESULT, OWN, None, OwnPicturesOnly),
        (UPLOAD, OWN, True, OwnPicturesOnly),
    ],
)
def test_without_a_ban_the_rule_and_the_kind_of_picture_decide(
    whose: Whose, rule: RemixRule, *, allows: bool | None, expected: type[Exception] | None
) -> None:
    refused = refusal_to_restyle(BOB, whose, rule, allows=allows)
    assert (type(refused) if refused else None) is expected


@given(st.sampled_from([UPLOAD, RESULT]), st.sampled_from(RemixRule))
def test_what_an_owner_forbids_no_server_allows(whose: Whose, rule: RemixRule) -> None:
    assert isinstance(refusal_to_restyle(BOB, whose, rule, allows=False), OwnerForbids)


@pytest.mark.parametrize("allows", [True, False, None])
@given(whose=st.sampled_from([UPLOAD, RESULT]), rule=st.sampled_from(RemixRule))
def test_ones_own_is_always_free(whose: Whose, rule: RemixRule, *, allows: bool | None) -> None:
    assert refusal_to_restyle(ADA, whose, rule, allows=allows) is None
