"""The engine's side of a Pulumi program: URNs, duplicates, and what a rehearsal cannot do."""

from __future__ import annotations

from typing import Any

from google.protobuf import empty_pb2, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import resource_pb2

from rehearsal.deploy import wire
from rehearsal.deploy.invokes import Invokes, UnknownInvokeError
from rehearsal.deploy.ledger import Ledger
from rehearsal.deploy.maker import Maker, Registration
from rehearsal.deploy.registry import Created

_STACK = "pulumi:pulumi:Stack"


class RefusedError(Exception):
    """Ends the program; the reason is in the ledger already."""


class Monitor(MockMonitor):
    """Takes the place of ``pulumi up``'s engine. Called from many threads at once."""

    def __init__(self, project: str, stack: str, maker: Maker, invokes: Invokes, ledger: Ledger) -> None:
        super().__init__(_NoMocks())
        self._place = f"urn:pulumi:{stack}::{project}::"
        self._maker, self._invokes, self._ledger = maker, invokes, ledger
        self._states: dict[str, dict[str, Any]] = {}

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine makes it: with the types of all parents, without the stack's."""
        parents = parent.split("::")[2] if parent else _STACK
        qualified = type_ if parents == _STACK else f"{parents}${type_}"
        return f"{self._place}{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == _STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs, secret = wire.decode(request.object)
        wanted = Registration(
            request.type, request.name, urn, inputs, secret, request.provider,
            is_protected=request.protect, is_retained=request.retainOnDelete, deleted_with=request.deletedWith,
        )  # fmt: skip
        created = self._register(wanted, request)
        state = struct_pb2.Struct()
        state.CopyFrom(request.object)
        state.update({name: value for name, value in created.outputs.items() if name not in secret})
        for name in request.additionalSecretOutputs:
            if name in state.fields:
                state.update({name: wire.secret(wire.decode(state)[0][name])})
        self._states[urn] = {"urn": urn, "id": created.id, "state": state}
        return resource_pb2.RegisterResourceResponse(urn=urn, id=created.id, object=state)

    def _register(self, wanted: Registration, request: Any) -> Created:
        if not self._ledger.is_new(wanted.urn):
            self._ledger.problem(f"{wanted.full_label}: its URN {wanted.urn} is used twice; give one another name")
        asked = {"import": request.importId, "transforms": request.transforms, "a remote component": request.remote}
        for what in (what for what, value in asked.items() if value):
            self._ledger.problem(f"{wanted.full_label}: {what} cannot be rehearsed")
        return self._maker.make(wanted) if request.custom and not request.remote else Created("")

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        self._ledger.problem(f'{request.type} "{request.name}": reads what exists already; a rehearsal starts empty')
        raise RefusedError

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        arguments, _ = wire.decode(request.args)
        try:
            answer = self._answer(request.tok, arguments)
        except UnknownInvokeError as error:
            self._ledger.problem(str(error))
            raise RefusedError from error
        result = struct_pb2.Struct()
        result.update(answer)
        return resource_pb2.ResourceInvokeResponse(**{"return": result})

    def _answer(self, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if token == "pulumi:pulumi:getResource":
            # The SDK asks for a resource that was given as an input: RolePolicy(role=role).
            return self._states[arguments["urn"]]
        return self._invokes.answer(token, arguments)

    def RegisterStackTransform(self, _: Any) -> Any:  # noqa: N802
        self._ledger.problem("a stack transform cannot be rehearsed; transform the arguments in the program")
        return empty_pb2.Empty()


class _NoMocks(Mocks):
    """MockMonitor asks for mocks; ``Monitor`` answers before they would be called."""

    def call(self, args: Any) -> Any:
        raise NotImplementedError(args.token)

    def new_resource(self, args: Any) -> Any:
        raise NotImplementedError(args.typ)
