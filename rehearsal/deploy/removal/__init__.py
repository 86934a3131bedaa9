"""Take away what a deployment made, as ``pulumi destroy`` does: the latest first, by the calls of the AWS provider."""

from rehearsal.deploy.removal.destroyer import Destroyed, DestroyError, destroy

__all__ = ["DestroyError", "Destroyed", "destroy"]
