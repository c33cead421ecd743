"""A message read: what is to be done, what perhaps, what not, and what to say."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from agent.offline import alarm, glossary, limits
from agent.offline.commands import Command, find_commands
from agent.offline.creation import asks_for_many
from agent.offline.marks import Mark, read_marks
from agent.offline.requests import READS, Reading, Step, Target
from agent.offline.sentences import Force, split
from agent.offline.steps import build_steps
from agent.offline.tokens import MOST_CHARACTERS, Text, read_text
from agent.offline.topics import find_topic
from agent.words import Language

_LIFECYCLE = frozenset({"start", "pause", "stop", "delete", "remove", "restart"})
_TERMS = {
    "start": "start",
    "pause": "pause",
    "stop": "stop a bot",
    "delete": "delete",
    "remove": "delete",
    "restart": "start",
    "panic": "panic stop",
}
_TALK = ("about", "help", "greeting", "thanks")
_AROUND = ("lead", "filler", "comma", "break", "of", "the", "polite", "bot")


def read(said: str, language: Language) -> Reading:
    """What a message asks for. Pure: the same words mean the same each time."""
    return Reading(talk="too_long") if len(said) > MOST_CHARACTERS else _read(said, language)


@lru_cache(maxsize=512)
def _read(said: str, language: Language) -> Reading:
    text = read_text(said)
    marks = read_marks(text, language)
    talk = _small_talk(marks)
    if talk:
        return Reading(talk=talk)
    topic = glossary.asked_term(marks, language)
    if topic and not _asks_for_own(marks):
        return Reading(talk="glossary", topic=topic)
    answer = _answer(marks)
    confirms = any(mark.has("confirm") for mark in marks)
    if answer and all(_is_of_an_answer(mark) for mark in marks):
        return Reading(answer=answer, confirms=confirms)
    reading = _commands(text, marks)
    if answer and not (reading.steps or reading.offered or (reading.denied and answer == "yes")):
        return Reading(answer=answer, confirms=confirms)
    return reading


_MINE = frozenset({"my", "our", "meu", "o meu", "meus", "os meus"})


def _asks_for_own(marks: Sequence[Mark]) -> bool:
    """Whether the person's own profit or limit is asked for, rather than what it is."""
    return any(mark.has("see:profit", "see:limits") for mark in marks) and any(mark.words in _MINE for mark in marks)


def _small_talk(marks: Sequence[Mark]) -> str | None:
    """The kind of talk where a message is nothing else."""
    for kind in _TALK:
        if any(mark.has(kind) for mark in marks) and all(mark.has(*_TALK) or _is_small(mark) for mark in marks):
            return None if kind == "thanks" and _answer(marks) else kind
    return None


def _is_small(mark: Mark) -> bool:
    return mark.has(*_AROUND) and not any(":" in tag for tag in mark.tags)


def _answer(marks: Sequence[Mark]) -> Literal["yes", "no", "cancel"] | None:
    """Whether a message begins with a plain yes or no, or takes it all back."""
    if any(mark.has("cancel") for mark in marks[:3]):
        return "cancel"
    if marks and all(mark.has("nothing", "break", "of", "the", "it") for mark in marks):
        return "no"
    first = next((mark for mark in marks if mark.has("yes", "no") or not mark.has("comma", "greeting")), None)
    if first is None or not first.has("yes", "no"):
        return None
    small = all(_is_of_an_answer(mark) for mark in marks)
    short = len(marks) > 1 and marks[1].has("comma", "break", "lead", "thanks", "yes")
    if not (small or short):
        return None
    return "no" if any(mark.has("no") for mark in marks[:2]) else "yes"


def _is_of_an_answer(mark: Mark) -> bool:
    small = mark.has(
        "yes", "no", "lead", "filler", "comma", "break", "thanks", "polite", "the", "of", "it", "cancel", "nothing"
    )
    return small and not mark.value("do")


def _commands(text: Text, marks: list[Mark]) -> Reading:
    sentences = split(marks)
    commands = find_commands(sentences)
    if not commands or all(command.force is Force.ASKED for command in commands):
        return _asked(text, marks, commands)
    reading = Reading()
    for command in commands:
        reading = _add(reading, command, text)
    reading = alarm.with_sale(_merged(_pointing_back(reading)), sells=_sells_all(commands))
    if not (reading.steps or reading.offered or reading.denied or reading.talk):
        return _as_topic(text, marks)
    return replace(reading, explicit=True)


def _sells_all(commands: Sequence[Command]) -> bool:
    """Whether all that the bots hold is to be sold: it goes with the panic stop."""
    return any(
        command.force is Force.SURE
        and (command.intent in ("sell", "close") or any(mark.has("sells") for mark in (*command.words, command.how)))
        for command in commands
    )


def _add(reading: Reading, command: Command, text: Text) -> Reading:
    force = _force(command)
    if force is Force.LATER:
        return replace(reading, talk="later")
    if force is Force.ASKED:
        return reading
    built = build_steps(text, command)
    if isinstance(built, str):
        return _told(reading, command, text, "" if force is Force.DENIED else built)
    harmless = all(step.verb in READS for step in built)
    if force is Force.DENIED:
        return replace(reading, denied=reading.denied + built)
    reading = replace(reading, unread=reading.unread + tuple(part for step in built[:1] for part in step.unread))
    if built[0].verb == "create_bot" and asks_for_many(command.words, _creations(built)):
        return _one_of_many(reading, built)
    if reading.talk == "one_at_a_time" and all(_points_back(step) for step in built):
        return _after_one(reading, built)
    if force is Force.UNSURE and any(_is_idle(step) for step in built):
        return reading
    if force is Force.UNSURE and not harmless:
        return replace(reading, offered=reading.offered + built)
    return replace(reading, steps=reading.steps + built)


def _force(command: Command) -> Force:
    force = Force.DENIED if _names_nothing(command) or alarm.is_calm(command) else command.force
    timed = force in (Force.SURE, Force.UNSURE) and _names_duration(command)
    return Force.LATER if timed else force


def _told(reading: Reading, command: Command, text: Text, key: str) -> Reading:
    """With what is said of a command that leads to nothing."""
    if not key:
        return reading
    end = max([command.how.end, *(mark.end for mark in command.words if mark in command.sentence.marks)])
    part = (text.between(command.how.start, end),) if key == "unknown" else ()
    return replace(reading, talk=reading.talk or key, unread=reading.unread + part)


def _creations(steps: Sequence[Step]) -> int:
    return sum(step.verb == "create_bot" for step in steps)


def _one_of_many(reading: Reading, built: tuple[Step, ...]) -> Reading:
    """Several bots that are the same are not created: one is offered, or asked about where something lacks."""
    reading = replace(reading, talk="one_at_a_time")
    if built[0].doubts or not {"pairs", "stake"} <= set(built[0].settings):
        return replace(reading, steps=reading.steps + built)
    return replace(reading, offered=reading.offered + built)


def _points_back(step: Step) -> bool:
    target = step.target
    back = target.it or target.them or target.both or target.empty or (target.every and target.deictic)
    return step.verb in ("start_bot", "pause_bot", "stop_bot") and back and not target.names


def _after_one(reading: Reading, built: tuple[Step, ...]) -> Reading:
    """What was to happen to all of them happens to the one, where that is wanted."""
    steps = tuple(replace(step, target=Target(it=True)) for step in built)
    if reading.offered:
        return replace(reading, offered=reading.offered + steps)
    return replace(reading, steps=reading.steps + steps)


def _is_idle(step: Step) -> bool:
    """Whether a change changes nothing of nobody."""
    return step.verb == "edit_bot" and not (
        step.settings or step.add_pairs or step.drop_pairs or step.nudge or step.target.names
    )


def _merged(reading: Reading) -> Reading:
    """Changes of one bot that follow each other, as one: "remove BTC from alpha and add ETH"."""
    steps: list[Step] = []
    for step in reading.steps:
        last = steps[-1] if steps else None
        same = (
            last is not None
            and last.verb == step.verb == "edit_bot"
            and (step.target.empty or step.target.it or step.target == last.target)
        )
        if last is not None and same and not (last.nudge and step.nudge):
            steps[-1] = replace(
                last,
                settings={**last.settings, **step.settings},
                add_pairs=last.add_pairs + step.add_pairs,
                drop_pairs=last.drop_pairs + step.drop_pairs,
                nudge=last.nudge or step.nudge,
            )
        else:
            steps.append(step)
    return replace(reading, steps=tuple(steps))


def _pointing_back(reading: Reading) -> Reading:
    """ "Don't stop alpha, pause it": what is left without a bot is about the one that was named and spared."""
    spared = next((step.target for step in reading.denied if step.target.names), None)
    if spared is None:
        return reading
    steps = tuple(
        replace(step, target=spared) if step.target.empty or step.target.it else step
        for step in reading.steps
        if step.verb != "create_bot"
    )
    return replace(reading, steps=steps) if len(steps) == len(reading.steps) else reading


def _names_duration(command: Command) -> bool:
    """Whether a bot is to be started or stopped in, for or at some time."""
    words = command.words
    timed = any(
        (mark.amount and mark.amount.unit)
        or ((mark.amount or mark.unread) and i and words[i - 1].words in ("at", "as", "la pelas"))
        or (mark.unread and _CLOCK.match(mark.words))
        for i, mark in enumerate(words)
    )
    return command.intent in _LIFECYCLE and timed and not _speaks_of_new(command)


_CLOCK = re.compile(r"[0-9]+[hdm][0-9]")


def _speaks_of_new(command: Command) -> bool:
    return any(mark.has("abot", "new") for mark in command.words)


def _names_nothing(command: Command) -> bool:
    nothing = any(mark.has("nothing") and not mark.has("the", "abot") for mark in command.words[-4:])
    return nothing and command.intent in (_LIFECYCLE | {"create"})


def _asked(text: Text, marks: list[Mark], commands: Sequence[Command]) -> Reading:
    """A question, or words without a command."""
    asked = next((command for command in commands if command.intent in _LIFECYCLE | {"create", "edit"}), None)
    how = any(
        mark.words.startswith(("how ", "como ", "what is the way")) or mark.words in ("how", "como") for mark in marks
    )
    if asked and how:
        return Reading(talk="help")
    asks = any(mark.has("ask", "aux", "define") or "?" in mark.words for mark in marks)
    stated = "" if commands or not _is_stated(marks) else limits.state(text, marks)
    if stated:
        return Reading(talk=stated) if isinstance(stated, str) else Reading(steps=stated)
    if any(mark.has("panic") for mark in marks) and not (asks or commands):
        return Reading(offered=(Step("panic"),))
    reading = replace(_as_topic(text, marks), explicit=asks)
    told = reading.steps[0] if reading.steps else None
    answered = told and (told.target.names or told.about or told.verb == "guard_status")
    if asked and asked.intent in _TERMS and not answered:
        return Reading(talk="glossary", topic=_TERMS[asked.intent])
    if reading.talk == "unknown" and not (commands or any(mark.pair or mark.amount for mark in marks)):
        return Reading(talk=next((kind for kind in _TALK if any(mark.has(kind) for mark in marks)), "unknown"))
    return reading


def _is_stated(marks: Sequence[Mark]) -> bool:
    """Whether something is to be so, now and in the person's own words: "the daily loss should be 20"."""
    first = next((mark for mark in marks if not mark.has("lead", "comma", "the")), None)
    asks = any(mark.has("ask", "define") or "?" in mark.words for mark in marks)
    framed = any(mark.has("report", "neg", "cond", "time") and not mark.has("lead") for mark in marks)
    return not (asks or framed or (first is not None and first.has("aux")))


def _as_topic(text: Text, marks: list[Mark]) -> Reading:
    topic = find_topic(text, marks)
    return Reading(talk=topic) if isinstance(topic, str) else Reading(steps=(topic,))
