"""One resource to be taken away, and how a type of resource is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.deploy.model import Deployed
from rehearsal.deploy.removal.clients import Clients


class RemovalRefusedError(Exception):
    """A resource cannot be taken away, as what that needs is not known."""


@dataclass(frozen=True)
class Removal:
    """What a way gets: the resource as it was made, and the clients to take it away with."""

    resource: Deployed
    clients: Clients

    def client(self, service: str) -> Any:
        return self.clients.client(service, self.resource.region)

    @property
    def id(self) -> str:
        return self.resource.id

    def get(self, name: str, default: Any = None) -> Any:
        """What the program gave, or the account answered, under a name that the way keeps."""
        return self.resource.state.get(name, default)

    def __getitem__(self, name: str) -> Any:
        if name not in self.resource.state:
            raise RemovalRefusedError(f"its property {name} was not kept, as it is secret; take it away by hand")
        return self.resource.state[name]

    def of_id(self, form: str) -> dict[str, str]:
        """The arguments that the id holds, by a form such as ``{DatabaseName}:{Name}``; the last takes the rest."""
        names = re.findall(r"{(\w+)}", form)
        pattern = re.escape(form).replace(r"\{", "{").replace(r"\}", "}")
        for name in names:
            pattern = pattern.replace(f"{{{name}}}", f"(?P<{name}>{'.+' if name == names[-1] else '.+?'})")
        found = re.fullmatch(pattern, self.id)
        if found is None:
            raise RemovalRefusedError(f"its id is {self.id}, and not of the form {form}")
        return found.groupdict()


@dataclass(frozen=True)
class Way:
    """How a type is taken away. ``keeps`` names what must be known of a resource then, by Pulumi's names."""

    carry_out: Callable[[Removal], None]
    keeps: tuple[str, ...] = ()


def call(service: str, operation: str, form: str, **fixed: Any) -> Way:
    """One call, with the arguments that the id holds and some that are always the same."""

    def carry_out(removal: Removal) -> None:
        getattr(removal.client(service), operation)(**removal.of_id(form), **fixed)

    return Way(carry_out)
