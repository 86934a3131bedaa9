"""KMS."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, recorded

NO_CRYPTOGRAPHY = "keys exist; nothing is encrypted with them"

EFFECTS: dict[str, Effects] = {
    "aws:kms/key:Key": {
        **recorded("no test shows its decisions", "policy"),
        **recorded(NO_CRYPTOGRAPHY, "keyUsage", "customerMasterKeySpec", "multiRegion",
                   "enableKeyRotation", "rotationPeriodInDays"),
        **recorded("counts only when the stack is destroyed", "deletionWindowInDays"),
        **recorded("for people", "description"),
    },
    "aws:kms/alias:Alias": {**about("name", "namePrefix"), **recorded(NO_CRYPTOGRAPHY, "targetKeyId")},
}  # fmt: skip
