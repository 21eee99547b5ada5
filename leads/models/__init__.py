"""What `leads` keeps. One file per subject; import from here."""

from leads.models.act import UNDO_WITHIN, Act
from leads.models.activity import Activity, ActivityKind
from leads.models.campaign import Campaign, Source
from leads.models.company import Company
from leads.models.contact import Contact
from leads.models.criteria import Approval, CriteriaSet, CriteriaState, Criterion, CriterionKind
from leads.models.erasure import Erasure, ErasureReason
from leads.models.imports import BatchState, ImportBatch, ImportRow, Outcome, StagedCompany, StagedRow
from leads.models.judgement import Answer, Judgement, LeadFact, Qualification
from leads.models.kept_verdict import KeptVerdict, LeadToJudge, Rejudging
from leads.models.lead import Lead
from leads.models.opportunity import Opportunity
from leads.models.saved_view import SavedView, ViewPage
from leads.models.stage import (
    CLOSED_STAGES,
    MAIN_LINE,
    MOMENT_OF,
    NEXT_STAGES,
    OPEN_STAGES,
    LeadMoved,
    Stage,
    TransitionNotAllowed,
)
from leads.models.stage_change import StageChange

__all__ = [
    "StagedRow",
    "StagedCompany",
    "Outcome",
    "ImportRow",
    "ImportBatch",
    "BatchState",
    "CLOSED_STAGES",
    "MAIN_LINE",
    "MOMENT_OF",
    "NEXT_STAGES",
    "OPEN_STAGES",
    "UNDO_WITHIN",
    "Act",
    "Activity",
    "ActivityKind",
    "Answer",
    "Approval",
    "Campaign",
    "Company",
    "Contact",
    "Erasure",
    "ErasureReason",
    "CriteriaSet",
    "CriteriaState",
    "Criterion",
    "CriterionKind",
    "Judgement",
    "KeptVerdict",
    "Lead",
    "LeadFact",
    "LeadMoved",
    "LeadToJudge",
    "Opportunity",
    "Qualification",
    "Rejudging",
    "SavedView",
    "ViewPage",
    "Source",
    "Stage",
    "StageChange",
    "TransitionNotAllowed",
]
