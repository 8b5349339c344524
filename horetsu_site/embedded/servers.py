"""The servers of one home, and the environment that leads Django to them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from .home import Home
from .postgres import OWNER_ROLE, Postgres
from .valkey import Valkey


@dataclass
class Servers:
    """Our children by name, and how to reach them in the words of settings.py."""

    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)


@contextmanager
def running(home: Home) -> Iterator[Servers]:
    """The servers that the environment does not name already, until the block is left."""
    sockets = home.sockets()
    servers = Servers()
    with ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            postgres = Postgres(home.postgres, sockets=sockets, log=home.logs / "postgres.log")
            stack.callback(postgres.stop)
            servers.processes["postgres"] = postgres.start()
            servers.addresses["DATABASE_URL"] = postgres.url()
            servers.addresses["DATABASE_OWNER_URL"] = postgres.url(OWNER_ROLE)
        if "REDIS_URL" not in os.environ:
            valkey = Valkey(home.valkey, sockets=sockets, log=home.logs / "valkey.log")
            stack.callback(valkey.stop)
            servers.processes["valkey"] = valkey.start()
            servers.addresses["REDIS_URL"] = valkey.url
        yield servers


def base_environment(home: Home) -> dict[str, str]:
    """What every process of a local installation is given, whichever servers it uses."""
    return {
        "HORETSU_HOME": str(home.root),
        "HORETSU_LOCAL": os.environ.get("HORETSU_LOCAL", "1"),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or home.secret_key(),
    }
