"""The proof of least privilege: a record of decided requests, asked again under policies that grant a little less.

It knows no program: what was asked, and what is granted, is all it is given.
"""

from rehearsal.proof.held import Held, Place
from rehearsal.proof.proof import Proof, prove, prove_record
from rehearsal.proof.record import Recorded, Seen, distinct

__all__ = ["Held", "Place", "Proof", "Recorded", "Seen", "distinct", "prove", "prove_record"]
