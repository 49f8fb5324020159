"""The books of the reviews: closed months, baselines and benchmarks with their record, and what was agreed."""

from analytics.insights.books.baselines import CannotRecord, baselines_of, recalibrate, record
from analytics.insights.books.benchmarks import Benchmark, benchmark_of, benchmarks_of
from analytics.insights.books.months import (
    CannotClose,
    ClosedMonth,
    close_month,
    closed_months,
    closings_of,
    reopen_month,
)
from analytics.insights.books.restated import Restatement, restatements
from analytics.insights.books.tasks import AgreedTask, agree, agreed_tasks, drop, mark_done
from analytics.semantic.yardsticks import Holder

__all__ = [
    "AgreedTask", "Benchmark", "CannotClose", "CannotRecord", "ClosedMonth", "Holder", "Restatement", "agree",
    "agreed_tasks", "baselines_of", "benchmark_of", "benchmarks_of", "close_month", "closed_months", "closings_of",
    "drop", "mark_done", "recalibrate", "record", "reopen_month", "restatements",
]  # fmt: skip
