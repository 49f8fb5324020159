"""An additive logistic model whose contributions are exact: curves of single features and of pairs, in log-odds."""

from analytics.models.additive.fit import fit_additive
from analytics.models.additive.model import AdditiveModel

__all__ = ["AdditiveModel", "fit_additive"]
