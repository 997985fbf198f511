"""What can go wrong with local processes, said to the person at the terminal."""


class LocalFault(Exception):
    """A local service cannot be run. The message says why and what to do next."""


class Stopped(Exception):
    """The person (or the system) asked for an end while something was awaited."""


class ProgramExited(LocalFault):
    """A program that should go on ended. Carries its name, exit code and last log lines."""

    def __init__(self, name: str, code: int, log: str, tail: str) -> None:
        self.name = name
        self.code = code
        self.tail = tail
        how = f"was ended by signal {-code}" if code < 0 else f"stopped with exit code {code}"
        lines = f"The last lines of {log}:\n{tail}" if tail else f"It wrote nothing to {log}."
        super().__init__(f"{name} {how}. {lines}")
