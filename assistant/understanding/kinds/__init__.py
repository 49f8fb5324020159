"""How each kind of plan is recognised and read: one file a kind, its words beside it."""

from assistant.understanding.kinds import (
    agreed,
    close,
    cost,
    customer,
    customers,
    data,
    deal,
    deals,
    experiment,
    forecast,
    funnel,
    leads_list,
    model,
    playbook,
    spend,
    subscribe,
    summary,
    training,
    why,
)
from assistant.understanding.kinds.reader import KindReader

# The order in which they decide where several read every word.
KINDS: tuple[KindReader, ...] = (
    agreed.READER,
    close.READER,
    subscribe.READER,
    model.READER,
    data.READER,
    training.READER,
    spend.READER,
    funnel.READER,
    deals.READER,
    customers.READER,
    leads_list.READER,
    deal.READER,
    customer.READER,
    playbook.READER,
    cost.READER,
    why.READER,
    forecast.READER,
    summary.READER,
    experiment.READER,
)
