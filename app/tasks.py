"""Table of contents: every module of job handlers, imported so that the registry knows them."""

from app.dialogue import tasks as dialogue_tasks
from app.fairness import tasks as fairness_tasks
from app.ingestion import tasks as ingestion_tasks
from app.jobs.registry import KINDS
from app.knowledge import tasks as knowledge_tasks
from app.labels import tasks as labels_tasks

MODULES = (dialogue_tasks, fairness_tasks, ingestion_tasks, knowledge_tasks, labels_tasks)

__all__ = ["KINDS", "MODULES"]
