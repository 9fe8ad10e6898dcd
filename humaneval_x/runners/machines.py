"""The user's choice of where programs run: the kind of jail, how many, on which machines."""

from __future__ import annotations

from dataclasses import dataclass

from humaneval_x.errors import OptionError
from humaneval_x.records import Limits
from humaneval_x.runners import Runner
from humaneval_x.runners.choose import JailEngine, Sandbox, choose, start_engine
from humaneval_x.settings import Workers
from humaneval_x.values import check_fields

MOST_PER_CORE = 32  # programs at once; more would only wait for each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Jails:
    """Where programs run.

    Args:
        sandbox: the kind of jail; auto takes Docker where an engine answers, else bubblewrap, and never none
        workers: programs at once; default one per core
    """

    sandbox: Sandbox = Sandbox.AUTO
    workers: Workers = None

    def __post_init__(self) -> None:
        check_fields(self)

    def runner(self, compiling: Limits, running: Limits) -> Runner:
        """Return the runner of these jails for programs with such limits. Raises as `choose`."""
        return choose(self.sandbox.value, compiling, running)

    def workers_of(self, runner: Runner) -> int:
        """Return how many programs run at once: one a core, or as many as was asked. Raises OptionError."""
        most = MOST_PER_CORE * runner.cores
        if self.workers is not None and self.workers > most:
            found = f"--workers is {self.workers}"
            raise OptionError(f"{found}; {runner.cores} cores bear {most} at most, and one a core is best")
        return self.workers or runner.cores


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines(Jails):
    """Where programs run, on this machine or several.

    Args:
        sandbox: the kind of jail; auto takes Docker where an engine answers, else bubblewrap, and never none
        workers: programs at once; default one per core
        engine: local, or ray: jails on every machine of a Ray cluster
        docker_image: another image than the one built for this version
        docker_runtime: another OCI runtime, such as runsc
    """

    engine: JailEngine = JailEngine.LOCAL
    docker_image: str | None = None
    docker_runtime: str | None = None

    def runner(self, compiling: Limits, running: Limits) -> Runner:
        """Return a runner over these machines. Raises as `choose`."""
        docker = {"image": self.docker_image, "runtime": self.docker_runtime}
        return start_engine(self.engine.value, self.sandbox.value, compiling, running, workers=self.workers, **docker)


HERE = Jails()
ANYWHERE = Machines()
