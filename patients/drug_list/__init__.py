"""The complete list of medicines: read from its files, kept, and looked up."""

from patients.drug_list.lookups import known_rxcui, products_of, suggest

__all__ = ["known_rxcui", "products_of", "suggest"]
