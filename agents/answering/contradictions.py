"""What an answer says against what was measured: other values, faults that are not there, an order
of two files that is the other way round.
"""

from collections.abc import Iterator, Mapping, Sequence

from agents.answering.faults import fault_claims, has_fault
from agents.answering.orders import order_claims
from agents.answering.statements import Sentence, Statement, sentences_of, statements
from agents.planning.requirements import Requirement
from agents.wording import aspect_text, lower_first, value_text
from audio.agreement import agree
from audio.aspects import is_number
from memory.context import Finding, Flag


def against_findings(
    answer: str,
    findings: Sequence[Finding],
    wanted: Sequence[Requirement],
    names: Mapping[str, str],
) -> Iterator[Flag]:
    """What an answer states as a fact and the measurements of the files deny.

    Args:
        answer: the answer's text, in Markdown or plain.
        findings: what is known of the files.
        wanted: what the project demands; to repeat it states nothing about a file.
        names: file names by asset id.
    """
    facts = [one for one in findings if one.evidence in ("measured", "executed")]
    for stated in statements(answer, names):
        if not any(_wants(one, stated) for one in wanted):
            fact = _denied_value(stated, facts, findings)
            yield from _flags(stated.text, fact, names)
    for sentence in sentences_of(answer, names):
        fact = _denied_fault(sentence, facts) or _denied_order(sentence, facts, names)
        yield from _flags(f"“{sentence.plain.strip(' *.')}”", fact, names)


def _denied_value(
    stated: Statement, facts: Sequence[Finding], findings: Sequence[Finding]
) -> Finding | None:
    """The measurement that a stated value contradicts; None where any finding holds it."""
    held = [one for one in _of(facts, stated.files) if one.aspect in stated.aspects]
    known = [one for one in held if one.value is not None]
    saying = {
        one.subject.id
        for one in _of(findings, stated.files)
        if one.aspect in stated.aspects and one.value is not None and _says(one, stated)
    }
    denying = [one for one in known if one.subject.id not in saying]
    return denying[-1] if denying and (stated.of_each or not saying) else None


def _denied_fault(sentence: Sentence, facts: Sequence[Finding]) -> Finding | None:
    """The measurement that tells of a fault the opposite of what a sentence does."""
    for claim in fault_claims(sentence.plain) if sentence.is_fact else ():
        told = [one for one in _whole(facts, claim.aspect) if has_fault(one) is not None]
        about = _of(told, sentence.files)
        if about and all(has_fault(one) != claim.is_there for one in about):
            return about[-1]
    return None


def _denied_order(
    sentence: Sentence, facts: Sequence[Finding], names: Mapping[str, str]
) -> Finding | None:
    """The measurement of the file that a sentence calls louder, longer, faster, and is not."""
    for claim in order_claims(sentence.plain, names):
        told = {one.subject.id: one for one in _whole(facts, claim.aspect)}
        values = {id_: one.value for id_, one in told.items() if is_number(one.value)}
        others = [id_ for id_ in values if id_ in (claim.others or {*values} - {claim.of})]
        if claim.of in values and len(others) == 1:
            more = values[claim.of] - values[others[0]]
            if claim.sign * more <= 0:
                return told[claim.of]
    return None


def _whole(facts: Sequence[Finding], aspect: str) -> list[Finding]:
    """The newest measurement of an aspect of each whole file."""
    found = {
        one.subject.id: one for one in facts if one.aspect == aspect and one.subject.start is None
    }
    return list(found.values())


def _of(findings: Sequence[Finding], files: Sequence[str]) -> list[Finding]:
    return [one for one in findings if not files or one.subject.id in files]


def _says(finding: Finding, stated: Statement) -> bool:
    if isinstance(finding.value, list):
        return any(agree(stated.aspects[0], one, stated.value) for one in finding.value)
    return agree(finding.aspect, finding.value, stated.value)


def _wants(wanted: Requirement, stated: Statement) -> bool:
    is_about = wanted.criterion.aspect in stated.aspects
    return is_about and agree(wanted.criterion.aspect, wanted.criterion.value, stated.value)


def _flags(said: str, fact: Finding | None, names: Mapping[str, str]) -> Iterator[Flag]:
    """What is said of an answer that contradicts a measurement."""
    if fact is None:
        return
    name = names.get(fact.subject.id, fact.subject.id[:12])
    value = "none" if fact.value is None else value_text(fact.value, fact.unit, fact.aspect)
    yield Flag(
        kind="finding",
        aspect=fact.aspect,
        against=fact.id,
        findings=(fact.id,),
        text=f"Against the project's findings: the answer says {said}, measured of "
        f"{name} is {lower_first(aspect_text(fact.aspect))} {value}.",
    )
