"""Mutants judged without a new start: the tests are collected and traced once, then each mutant is a fork.

In the fork the mutant's function gets its new code in place and only the tests that ran that function run again. What
is done while modules are imported cannot be judged so; that is left to `mutation.py`.
"""

import functools
import gc
import os
import resource
import signal
import time
from collections.abc import Callable
from types import FunctionType

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.bench.mutants import DOMAIN, Function, Mutant, changed_function

# A mutant that loops for ever is a mutant that was noticed.
CPU_SECONDS = 30
MEMORY = 4 << 30
Judged = Callable[[Mutant, str], None]


class FastJudge:
    """A pytest plugin whose test loop judges mutants; `told` gets each one's fate, "killed" or "survived"."""

    def __init__(self, tracer: coverage.Coverage, mutants: list[Mutant], jobs: int, told: Judged) -> None:
        self._tracer = tracer
        self._mutants = mutants
        self._jobs = jobs
        self._told = told
        self._running: dict[int, tuple[Mutant, bool]] = {}
        self.sound = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        seconds = self._trace(items)
        # Once more in a fork, with nothing changed: else a test that cannot run twice would count as a kill.
        self.sound = not session.testsfailed and bool(items) and _waited(_forked(lambda: _noticed(items)))
        if not self.sound:
            return True
        lines = self._lines()
        functions = _functions()
        caches = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
        gc.freeze()
        for mutant in self._mutants:
            made = changed_function(mutant)
            if made is None or (known := functions.get((str(mutant.file), made.name, made.line))) is None:
                continue
            first, last = made.line, _last_line(made)
            ran = lines.get(str(mutant.file), {})
            chosen = {test for line in range(first, last + 1) for test in ran.get(line, ())}
            chosen.discard("")
            # The line of the `def` always runs at import; what matters is whether the function was called then.
            at_import = any("" in ran.get(line, ()) for line in range(_first_line_inside(made), last + 1))
            if any(one.__code__.co_freevars != made.code.co_freevars for one in known):
                continue
            close = ran.get(mutant.line, frozenset())
            # Those of the very line first, the quick before the slow.
            order = sorted(chosen, key=lambda test: (test not in close, seconds[test]))
            self._fork(
                mutant, at_import, functools.partial(_in_fork, made, known, caches, [items[int(t)] for t in order])
            )
        while self._running:
            self._reap()
        return True

    def _trace(self, items: list[pytest.Item]) -> dict[str, float]:
        """Every test once, under its own context; how long each took."""
        seconds = {}
        for number, item in enumerate(items):
            self._tracer.switch_context(str(number))
            started = time.perf_counter()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=(items[number + 1 :] or [None])[0])
            seconds[str(number)] = time.perf_counter() - started
        self._tracer.stop()
        return seconds

    def _lines(self) -> dict[str, dict[int, frozenset[str]]]:
        data = self._tracer.get_data()
        return {
            file: {line: frozenset(tests) for line, tests in data.contexts_by_lineno(file).items()}
            for file in data.measured_files()
        }

    def _fork(self, mutant: Mutant, at_import: bool, judge: Callable[[], int]) -> None:
        while len(self._running) >= self._jobs:
            self._reap()
        self._running[_forked(judge)] = mutant, at_import

    def _reap(self) -> None:
        pid, status = os.wait()
        mutant, at_import = self._running.pop(pid)
        survived = os.waitstatus_to_exitcode(status) == 0
        # One that also ran at import is not cleared by this: values made then were made by the unchanged function.
        if not (survived and at_import):
            self._told(mutant, "survived" if survived else "killed")


def _forked(work: Callable[[], int]) -> int:
    """The process that does it, quietly, and ends with what it returns."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        code = work()
    finally:
        os._exit(code)


def _waited(pid: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def tracer() -> coverage.Coverage:
    """To be started before anything of the domain is imported."""
    return coverage.Coverage(data_file=None, include=[f"{DOMAIN}/*"], branch=False, config_file=False)


def _functions() -> dict[tuple[str, str, int], list[FunctionType]]:
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(DOMAIN)):
            code = one.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(one)
    return found


def _first_line_inside(function: Function) -> int:
    """The first line that runs when it is called; a lambda's is the line that makes it."""
    return min(
        (line for _, _, line in function.code.co_lines() if line and line > function.line), default=function.line
    )


def _last_line(function: Function) -> int:
    """Of the function with all that is inside of it."""
    last, codes = function.line, [function.code]
    while codes:
        code = codes.pop()
        last = max(last, *(line for _, _, line in code.co_lines() if line is not None))
        codes += [one for one in code.co_consts if isinstance(one, type(code))]
    return last


def _in_fork(made: Function, known: list[FunctionType], caches: list, tests: list[pytest.Item]) -> int:
    """0 when no test noticed."""
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for one in known:
        one.__code__ = made.code
    # What the unchanged function answered while it was traced.
    for cache in caches:
        cache.cache_clear()
    return _noticed(tests)


def _noticed(tests: list[pytest.Item]) -> int:
    """1 as soon as a test fails, 0 when none does."""
    for number, item in enumerate(tests):
        following = tests[number + 1] if number + 1 < len(tests) else None
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return 1
    return 0
