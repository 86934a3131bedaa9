"""Deploy a Pulumi Python program into the embedded account, and say what was made and what had no effect."""

from rehearsal.deploy.deployer import deploy
from rehearsal.deploy.model import Deployed, DeployError, Deployment, Ignored
from rehearsal.deploy.processes import preloaded
from rehearsal.deploy.removal import Destroyed, DestroyError, destroy

__all__ = [
    "DeployError",
    "Deployed",
    "Deployment",
    "DestroyError",
    "Destroyed",
    "Ignored",
    "deploy",
    "destroy",
    "preloaded",
]
