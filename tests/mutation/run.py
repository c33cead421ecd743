"""`make mutate`: changes tools/guard in thousands of small ways and counts which of them its own tests notice.

What survives is either explained in `survivors.toml` or makes this fail. mutmut works in a copy of the repository, in
memory where there is such a place; names of modules as arguments (`judge limits`) keep to those. A run that is broken
off goes on where it stopped, as long as nothing has changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MEMORY = Path("/dev/shm")
COPY = (MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())) / f"tradehelm-mutate-{os.getuid()}"
COPIED = ("agent", "api", "tools", "prompts", "strategies", "freqtrade_config", "tests", "pyproject.toml")
LEFT_OUT = ("__pycache__", "e2e", "node_modules")
DIGEST = COPY / "digest"
NOTICED = {"killed", "timeout", "segfault"}
UNTOLD = {"not checked", "skipped", "check was interrupted by user"}

Change = tuple[str, str, str]
"""Where, as `judge._judge_edit`; what the line was; what it was changed to."""


@dataclass(frozen=True)
class Mutant:
    name: str
    module: str
    status: str
    path: Path

    def read_change(self) -> Change:
        was, now = [], []
        for line in get_diff_for_mutant(self.name, path=self.path).splitlines()[2:]:
            if line.startswith(("-", "+")):
                (was if line[0] == "-" else now).append(line[1:].strip())
        function = self.name.rpartition(".")[2].partition("__mutmut_")[0]
        where = function.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in function else function.removeprefix("x_")
        return f"{self.module}.{where}", " ".join(was), " ".join(now)


def main(modules: list[str]) -> int:
    _copy()
    os.chdir(COPY)
    patterns = [f"tools.guard.{module}.*" for module in modules]
    jobs = os.environ.get("MUTATE_JOBS") or str(os.cpu_count() or 1)
    command = [sys.executable, "-m", "tests.mutation.engine", "run", "--max-children", jobs, *patterns]
    with (COPY / "mutmut.log").open("w") as log:
        output = None if sys.stdout.isatty() else log
        env = {**os.environ, "PYTEST_DEBUG_TEMPROOT": str(COPY)}
        if subprocess.run(command, stdout=output, env=env, check=False).returncode:
            _tell(f"mutmut stopped: do the tests pass? {'' if output is None else log.name}")
            return 1
    return report([mutant for mutant in read_mutants() if not modules or mutant.module in modules])


def report(mutants: list[Mutant]) -> int:
    """Prints the scores and what nobody explained; 1 where there is any such thing, or nothing to speak of."""
    explained = read_explained()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    unexplained: list[Change] = []
    seen: set[Change] = set()
    for mutant in mutants:
        count = counts[mutant.module]
        status = "killed" if mutant.status == "segfault" else mutant.status
        count[status if status in NOTICED or status in UNTOLD else "survived"] += 1
        if status not in NOTICED | UNTOLD:
            change = mutant.read_change()
            seen.add(change)
            if change in explained:
                count["explained"] += 1
            else:
                unexplained.append(change)
    _tell(f"{'module':<16}{'mutants':>8}{'killed':>8}{'timeout':>8}{'survived':>9}{'explained':>10}{'score':>8}")
    for module, count in sorted(counts.items()):
        _tell(_line(module, count))
    _tell(_line("tools/guard", sum(counts.values(), Counter())))
    for where, was, now in unexplained:
        _tell(f"\nNobody explains the survivor in {where}\n  - {was}\n  + {now}")
    for where, was, now in sorted(set(explained) - seen):
        if where.partition(".")[0] in counts:
            _tell(f"\nExplained, but noticed by now or gone: {where}\n  - {was}\n  + {now}")
    untold = sum(count[status] for count in counts.values() for status in UNTOLD)
    if unexplained or untold or not mutants:
        _tell(f"\n{len(unexplained)} survivors to kill, or to explain in survivors.toml; {untold} mutants not run.")
        return 1
    return 0


def read_mutants() -> Iterator[Mutant]:
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            yield Mutant(name, path.stem, status_by_exit_code[code], path)


def read_explained() -> dict[Change, str]:
    entries = tomllib.loads((HERE / "survivors.toml").read_text("utf-8")).get("line", [])
    return {(entry["where"], entry["was"], now): entry["why"] for entry in entries for now in entry["now"]}


def _copy() -> None:
    """Anew, unless all is as it was when a run was broken off: that one goes on where it stopped."""
    digest = _digest()
    if DIGEST.exists() and DIGEST.read_text("utf-8") == digest:
        return
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(mode=0o700)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy2(source, COPY / name)
    shutil.copy(HERE / "mutmut.cfg", COPY / "setup.cfg")
    DIGEST.write_text(digest, "utf-8")


def _digest() -> str:
    """Of all that a verdict can depend on."""
    found = hashlib.sha256(sys.version.encode())
    for name in (*COPIED, "tests/mutation/mutmut.cfg"):
        files = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*"))
        for file in files:
            inside = file.relative_to(ROOT)
            if file.is_file() and not set(LEFT_OUT) & set(inside.parts) and file.name != "survivors.toml":
                found.update(str(inside).encode() + file.read_bytes())
    return found.hexdigest()


def _line(name: str, count: Counter[str]) -> str:
    mutants = count["killed"] + count["timeout"] + count["survived"]
    score = (count["killed"] + count["timeout"]) / mutants * 100 if mutants else 100.0
    numbers = f"{mutants:>8}{count['killed']:>8}{count['timeout']:>8}{count['survived']:>9}{count['explained']:>10}"
    return f"{name:<16}{numbers}{score:>7.1f}%"


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
