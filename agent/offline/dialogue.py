"""One turn after another: what a message leads to, given what the turns before left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from agent.offline import glossary
from agent.offline.answers import tell
from agent.offline.completion import complete
from agent.offline.language import detect
from agent.offline.memory import Memory
from agent.offline.plan import Call, Done, Ending, Plan, Returned, carry_out
from agent.offline.questions import ask, next_offer, offer
from agent.offline.reading import read
from agent.offline.requests import Reading, Step
from agent.offline.tokens import read_text
from agent.words import Language, say


@dataclass(frozen=True)
class Reply:
    """The words that end a turn, and what it leaves for the next."""

    text: str
    memory: Memory


def take_turn(
    said: str, returned: Sequence[Returned], memory: Memory, tools: Collection[str], language: Language
) -> tuple[Call, ...] | Reply:
    """The calls to make next, or the reply where all is done."""
    language = detect(read_text(said)) or memory.language or language
    reading = read(said, language)
    steps, reading = _steps(said, reading, memory, language)
    outcome = _replay(carry_out(steps, memory, tools), returned)
    if isinstance(outcome, tuple):
        return outcome
    return _reply(reading, outcome, memory, language)


def _steps(said: str, reading: Reading, memory: Memory, language: Language) -> tuple[tuple[Step, ...], Reading]:
    """What to do: what was offered and accepted, what completes the last request, or what the message says itself."""
    if reading.answer == "yes":
        return _accepted(reading, memory)
    if reading.answer and memory.proposed and not memory.pending:
        return (), replace(reading, talk="deny_yours")
    if reading.answer:
        return (), replace(reading, talk="nothing" if reading.answer == "no" and not memory.pending else "cancelled")
    if memory.pending:
        steps = complete(memory.pending, reading, said, language)
        if steps:
            return steps, Reading()
    return reading.steps, reading


def _accepted(reading: Reading, memory: Memory) -> tuple[tuple[Step, ...], Reading]:
    """What was offered; or what waits for a person's word, which is told, since it is not ours to pass on."""
    if memory.offer:
        return memory.offer, reading
    if memory.proposed or reading.confirms:
        return (Step("list_proposals", about="confirm"),), reading
    return (), replace(reading, talk="unknown")


def _replay(plan: Plan, returned: Sequence[Returned]) -> tuple[Call, ...] | Ending:
    """Runs a plan over what its calls have returned so far."""
    used = 0
    try:
        calls = next(plan)
        while used + len(calls) <= len(returned):
            batch = returned[used : used + len(calls)]
            used += len(calls)
            calls = plan.send(batch)
    except StopIteration as stop:
        ending: Ending = stop.value
        return ending
    return calls


def _reply(reading: Reading, ending: Ending, before: Memory, language: Language) -> Reply:
    sentences = tell(language, ending)
    partly = bool(ending.done or reading.steps or reading.offered)
    if partly:
        sentences += [say(language, "offline.part_unknown", said=part) for part in reading.unread]
    if reading.talk and not (partly and reading.talk == "unknown"):
        sentences.append(_talk(language, reading))
    elif reading.denied and not sentences and not reading.offered:
        sentences.append(say(language, "offline.nothing"))
    pending = ending.pending or (before.pending if _keeps_waiting(reading, ending) else None)
    offered = () if pending else next_offer(ending, reading)
    question = ask(language, pending) if pending else offer(language, offered) if offered else ""
    text = " ".join(sentence for sentence in sentences if sentence)
    joint = "\n\n" if "\n" in text else " "
    text = joint.join(part for part in (text, question) if part) or say(
        language, "offline.not_read" if ending.done else "offline.unknown"
    )
    proposed = _proposes(ending) or (before.proposed and not ending.done)
    memory = Memory(language, ending.focus, ending.known, pending, offered, proposed, question)
    return Reply(text, memory)


def _proposes(ending: Ending) -> bool:
    """Whether something waits for the person's word now."""
    done = [one for one in ending.done if isinstance(one, Done)]
    return any(one.status == "needs_confirmation" or one.returned.get("proposals") for one in done)


def _talk(language: Language, reading: Reading) -> str:
    if reading.talk == "glossary" and reading.topic:
        return glossary.explain(language, reading.topic)
    return say(language, f"offline.{reading.talk}")


def _keeps_waiting(reading: Reading, ending: Ending) -> bool:
    """Whether the last question still stands: the person asked something in between, or could not be understood."""
    aside = reading.talk in ("glossary", "help", "about", "unknown", "greeting", "thanks")
    return aside and not ending.done and not reading.offered and reading.answer is None
