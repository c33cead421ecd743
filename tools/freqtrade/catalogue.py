"""The strategies on disk, read without running them: their parameters, their words, their hash."""

import ast
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tools.bot import BotSpec
from tools.bot import Parameter as Value
from tools.errors import Problem

Kind = Literal["int", "float", "bool", "choice"]

KINDS: Mapping[str, Kind] = {
    "IntParameter": "int",
    "DecimalParameter": "float",
    "RealParameter": "float",
    "BooleanParameter": "bool",
    "CategoricalParameter": "choice",
}
SPACES = ("buy", "sell", "enter", "exit", "protection")


class UnreadableError(Exception):
    """A file that holds no strategy that could be read; the message says why."""


@dataclass(frozen=True)
class Parameter:
    """One tunable value of a strategy; `low` and `high` are inclusive, None where `kind` is not a number."""

    name: str
    kind: Kind
    low: float | None
    high: float | None
    default: Value
    choices: tuple[Value, ...]
    """The values of a choice; empty for a number."""
    space: str
    """Where Freqtrade's parameter file keeps it, such as `buy` or `sell`."""
    note: str

    def check(self, value: Value) -> None:
        """Raises `Problem` unless the parameter can take `value`."""
        if self.choices:
            if not any(value == choice and type(value) is type(choice) for choice in self.choices):
                known = ", ".join(map(str, self.choices))
                raise Problem("parameter_not_a_choice", 422, parameter=self.name, value=value, choices=known)
        elif not self._in_range(value):
            raise Problem("parameter_out_of_range", 422, parameter=self.name, value=value, low=self.low, high=self.high)

    def _in_range(self, value: Value) -> bool:
        number = int if self.kind == "int" else (int, float)
        if isinstance(value, bool) or not isinstance(value, number) or self.low is None or self.high is None:
            return False
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Strategy:
    """A strategy as its source tells of it."""

    name: str
    summary: str
    """The first line of its docstring."""
    doc: str
    timeframe: str
    parameters: tuple[Parameter, ...]
    path: Path
    sha256: str
    """Of the source, in hexadecimal."""

    def check(self, values: Mapping[str, Value]) -> None:
        """Raises `Problem` for a value that names no parameter or that its parameter cannot take."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in values.items():
            if name not in known:
                raise Problem("unknown_parameter", 422, strategy=self.name, parameter=name, known=", ".join(known))
            known[name].check(value)

    def by_space(self, values: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
        """`values` as Freqtrade's parameter file groups them."""
        spaces: dict[str, dict[str, Value]] = {}
        for parameter in self.parameters:
            if parameter.name in values:
                spaces.setdefault(parameter.space, {})[parameter.name] = values[parameter.name]
        return spaces


@dataclass(frozen=True)
class Catalogue:
    """Every strategy of a folder by name, and why the other files were left out."""

    strategies: dict[str, Strategy] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    """File name to reason."""

    def find(self, name: str) -> Strategy:
        """The strategy with that name; raises `Problem("unknown_strategy")`."""
        if name not in self.strategies:
            raise Problem("unknown_strategy", 422, strategy=name, known=", ".join(self.strategies))
        return self.strategies[name]

    def check(self, spec: BotSpec) -> Strategy:
        """The strategy that `spec` names; raises `Problem` where it or one of the parameters does not exist or fit."""
        strategy = self.find(spec.strategy)
        strategy.check(spec.parameters)
        return strategy


def read_catalogue(folder: Path) -> Catalogue:
    """The strategies of `folder` (`*.py`), in order of name."""
    catalogue = Catalogue()
    for path in sorted(folder.glob("*.py")):
        try:
            strategy = read_strategy(path)
        except (UnreadableError, OSError) as error:
            catalogue.unreadable[path.name] = str(error)
            continue
        first = catalogue.strategies.setdefault(strategy.name, strategy)
        if first is not strategy:
            catalogue.unreadable[path.name] = f"{strategy.name} is also in {first.path.name}"
    return catalogue


def read_strategy(path: Path) -> Strategy:
    """The one strategy in a file; raises `UnreadableError` and `OSError`."""
    source = path.read_bytes()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(f"not Python: {error}") from error
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and _is_strategy(node)]
    if len(classes) != 1:
        raise UnreadableError(f"holds {len(classes)} strategies instead of one")
    return _strategy(classes[0], path, hashlib.sha256(source).hexdigest())


def _is_strategy(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).rpartition(".")[2] == "IStrategy" for base in node.bases)


def _strategy(node: ast.ClassDef, path: Path, sha256: str) -> Strategy:
    doc = ast.get_docstring(node) or ""
    timeframe, parameters = "", []
    for position, statement in enumerate(node.body):
        name, value = _assignment(statement)
        if name == "timeframe":
            timeframe = str(_literal(value))
        elif isinstance(value, ast.Call) and (parameter := _parameter(name, value, _note(node.body, position))):
            parameters.append(parameter)
    return Strategy(node.name, doc.partition("\n")[0], doc, timeframe, tuple(parameters), path, sha256)


def _assignment(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    name = target.id if isinstance(target, ast.Name) else ""
    return name, getattr(statement, "value", None)


def _note(body: list[ast.stmt], position: int) -> str:
    """The string that stands after an assignment, as one line."""
    following = body[position + 1] if position + 1 < len(body) else None
    note = _literal(following.value) if isinstance(following, ast.Expr) else ""
    return " ".join(note.split()) if isinstance(note, str) else ""


def _parameter(name: str, call: ast.Call, note: str) -> Parameter | None:
    """None for a call that makes no parameter, or one whose range is not written out, or that takes no values."""
    kind = KINDS.get(ast.unparse(call.func).rpartition(".")[2])
    arguments = [_literal(argument) for argument in call.args]
    named = {keyword.arg: _literal(keyword.value) for keyword in call.keywords if keyword.arg}
    space = named.get("space") or name.partition("_")[0]
    if kind is None or named.get("load") is False or (not named.get("space") and space not in SPACES):
        return None
    low, high, choices = _range(kind, arguments, named)
    default = named.get("default", choices[0] if choices else None)
    if default is None or not (choices or (low is not None and high is not None)):
        return None
    return Parameter(name, kind, low, high, default, choices, space, note)


def _range(
    kind: Kind, arguments: list[Any], named: Mapping[str, Any]
) -> tuple[float | None, float | None, tuple[Value, ...]]:
    """(low, high, choices), as Freqtrade's constructors take them: two numbers, a list of two, a list of choices."""
    if kind == "bool":
        return None, None, (True, False)
    first = arguments[0] if arguments else named.get("categories", named.get("low"))
    if kind == "choice":
        return None, None, tuple(first or ())
    if isinstance(first, (list, tuple)):
        low, high = first if len(first) == 2 else (None, None)
        return low, high, ()
    return first, arguments[1] if len(arguments) > 1 else named.get("high"), ()


def _literal(node: ast.expr | None) -> Any:
    """The value of an expression that is written out; None for any other."""
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
