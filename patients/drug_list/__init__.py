"""The complete list of medicines: read from its files, kept, and looked up."""

from patients.drug_list.choosing import Chosen, certain
from patients.drug_list.lookups import known_rxcui, products_of, suggest

__all__ = ["Chosen", "certain", "known_rxcui", "products_of", "suggest"]
