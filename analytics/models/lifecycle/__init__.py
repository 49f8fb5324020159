"""The life of every model: train, check forward in time, judge, store, score.

`verdict` checks a model against its baseline, `store` keeps model files, `contract` says what a model hands back.
"""

from analytics.models.lifecycle.contract import Refresh, Trained, version_of

__all__ = ["Refresh", "Trained", "version_of"]
