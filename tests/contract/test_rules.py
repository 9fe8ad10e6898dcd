"""The contract that is shipped: the project's own jails keep it, and what is no jail does not."""

from __future__ import annotations

import pytest

from humaneval_x.contract import RULES, prove
from humaneval_x.errors import SandboxError
from humaneval_x.records import COMPILE_LIMITS, RUN_LIMITS
from humaneval_x.runners import Jail
from humaneval_x.runners.choose import choose


@pytest.mark.long
def test_a_jail_of_ours_keeps_every_rule(each_sandbox: str) -> None:
    proofs = list(prove(choose(each_sandbox, COMPILE_LIMITS, RUN_LIMITS), ["python"]))
    assert len(proofs) == len(RULES)
    assert [str(each) for each in proofs if not each.ok] == []


class Broken:
    """A kind of jail that never starts."""

    name = "broken"
    cores = 1

    def start(self) -> Jail:
        raise SandboxError("it never starts")

    def describe(self) -> str:
        return "nothing"


def test_a_fault_of_the_jail_is_no_proof() -> None:
    proofs = list(prove(Broken(), ["go"]))
    assert len(proofs) == len(RULES)
    assert {(each.ok, each.detail) for each in proofs} == {(False, "the jail failed: it never starts")}
