"""Workers: a task costs only itself, a dead worker is replaced, nothing is left behind, a cluster does the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_cluster import free_port, restartable
from make import tasks
from make.processes import alive, until

from analysis.errors import WorkbenchError
from analysis.runtime.work import FailureKind, TaskLimits, WorkError
from analysis.runtime.workers import worker_pool

TESTS = Path(__file__).parent


def test_results_carry_the_position_of_their_task() -> None:
    with worker_pool(2) as workers:
        assert workers.count == 2
        assert dict(workers.outcomes(tasks.double, range(50))) == {number: 2 * number for number in range(50)}
        assert len({process for _, process in workers.outcomes(tasks.where, range(8))}) == 2
        assert dict(workers.outcomes(tasks.double, [])) == {}


def test_a_task_that_fails_or_kills_its_worker_costs_only_itself(tmp_path: Path) -> None:
    given = ["fine 1", "raise 不行", "print words", "exit", "die", f"once {tmp_path / 'mark'}", "unpicklable", "fine 2"]
    with worker_pool(2) as workers:
        got = dict(workers.outcomes(tasks.misbehave, given))
    assert (got[1].kind, got[1].error, got[1].words) == (FailureKind.ERROR, "ValueError", "不行")
    assert got[1].where.startswith("tasks.py:")
    assert {number for number, outcome in got.items() if not isinstance(outcome, WorkError)} == {0, 2, 5, 7}
    assert [got[number].kind for number in (3, 4)] == [FailureKind.DIED, FailureKind.DIED]
    assert "exit code 3" in got[3].words
    assert "signal 9" in got[4].words


LIMITS = TaskLimits(memory=2**30, seconds=1.0)
BEYOND = {
    "asleep": FailureKind.LATE,
    "busy": FailureKind.LATE,
    "looping in C": FailureKind.LATE,
    "greedy": FailureKind.MEMORY,
    "deep": FailureKind.ERROR,
    "abort": FailureKind.DIED,
}


@pytest.mark.parametrize("count", [1, 2])
def test_a_task_that_takes_more_than_it_may_costs_only_itself(count: int) -> None:
    given = [word for name in BEYOND for word in (f"fine before {name}", name, f"fine after {name}")]
    with worker_pool(count) as workers:
        got = dict(workers.outcomes(tasks.overstep, [*given, "large"], LIMITS))
        assert {name: got[given.index(name)].kind for name in BEYOND} == BEYOND
        assert all(got[number] == word for number, word in enumerate(given) if word.startswith("fine"))
        assert got[given.index("deep")].error == "RecursionError"
        assert len(got[len(given)]) == 2**24
        assert dict(workers.outcomes(tasks.misbehave, ["greedy a little"])) == {0: "greedy a little"}, (
            "no limit is left"
        )


def test_a_limited_task_does_not_outlive_a_killed_parent_though_it_loops_in_c(tmp_path: Path) -> None:
    code = "import sys; from make import tasks; from analysis.runtime.workers import worker_pool\n"
    code += "from analysis.runtime.work import TaskLimits\nwith worker_pool(1) as workers:\n"
    code += "    list(workers.outcomes(tasks.loop_in_c, [sys.argv[1]], TaskLimits(seconds=3.0)))"
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a")], env={**os.environ, "PYTHONPATH": _path()}
    )
    until(lambda: (tmp_path / "a").exists() and (tmp_path / "a").read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not alive(int((tmp_path / "a").read_text())), 10)


def test_tasks_are_taken_as_workers_become_free() -> None:
    taken: list[int] = []

    def listed() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with worker_pool(2) as workers:
        for count, _ in enumerate(workers.outcomes(tasks.double, listed()), 1):
            assert len(taken) <= count + 2
            if count == 100:
                break
        assert dict(workers.outcomes(tasks.double, [7])) == {0: 14}


def test_leaving_early_lets_the_work_put_its_things_away_and_leaves_no_process(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), worker_pool(2) as workers:
        for number, _ in workers.outcomes(tasks.linger, [(str(files[0]), 0.2), (str(files[1]), 60.0)]):
            assert number == 0
            raise KeyboardInterrupt
    assert time.monotonic() - start < 5
    assert not alive(int(files[1].read_text()))
    assert files[1].with_suffix(".left").exists()
    assert not files[1].with_suffix(".done").exists()


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    code = "import sys; from make import tasks; from analysis.runtime.workers import worker_pool\n"
    code += "with worker_pool(1) as workers:\n"
    code += "    list(workers.outcomes(tasks.linger, [(sys.argv[1], 60.0)]))"
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a")], env={**os.environ, "PYTHONPATH": _path()}
    )
    until(lambda: (tmp_path / "a").exists() and (tmp_path / "a").read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not alive(int((tmp_path / "a").read_text())), 5)


def test_an_address_where_nobody_answers_is_told_in_a_sentence() -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(WorkbenchError, match=f"连不上 Dask 调度器 {address}"), worker_pool(1, address):
        pass


def test_a_cluster_gives_the_same_outcomes_and_survives_its_scheduler(tmp_path: Path) -> None:
    with restartable() as (address, restart), worker_pool(1, address) as workers:
        assert workers.count >= 1
        assert workers.dashboard is None or workers.dashboard.startswith("http")
        got = dict(workers.outcomes(tasks.misbehave, ["fine", "raise 不行", f"once {tmp_path / 'mark'}", "die"]))
        assert got[0] == "fine"
        assert (got[1].kind, got[1].error, got[1].words) == (FailureKind.ERROR, "ValueError", "不行")
        assert got[2] == f"once {tmp_path / 'mark'}"
        assert got[3].kind is FailureKind.DIED
        slow = [(str(tmp_path / str(number)), 0.3) for number in range(12)]
        done = {}
        for number, outcome in workers.outcomes(tasks.linger, slow):
            done[number] = outcome
            if len(done) == 2:
                restart()
        assert done == {number: task[0] for number, task in enumerate(slow)}


def _path() -> str:
    return os.pathsep.join([str(TESTS), str(TESTS.parent / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])


def test_a_task_may_be_limited_by_the_processor_s_time_and_not_by_the_clock() -> None:
    with worker_pool(1) as workers:
        got = dict(workers.outcomes(tasks.overstep, ["busy", "fine"], TaskLimits(seconds=120.0, work=0.5)))
    assert got[0].kind is FailureKind.LATE and "0.5" in got[0].words
    assert got[1] == "fine"


def test_what_a_task_left_in_memory_is_not_held_against_the_next() -> None:
    with worker_pool(1) as workers:
        got = dict(workers.outcomes(tasks.overstep, ["hoard", "greedy within limits"], TaskLimits(memory=2**30)))
    assert got == {0: "hoard", 1: "greedy within limits"}
