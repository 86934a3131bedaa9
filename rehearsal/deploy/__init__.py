"""Deploy a Pulumi Python program into the embedded account, and say what was made and what had no effect."""

from rehearsal.deploy.deployer import deploy
from rehearsal.deploy.model import Deployed, DeployError, Deployment, Ignored

__all__ = ["DeployError", "Deployed", "Deployment", "Ignored", "deploy"]
