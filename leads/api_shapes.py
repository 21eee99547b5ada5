"""What leads look like to other software: names and shapes are fixed, add to them freely."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from leads.models import Activity, ActivityKind, Answer, Lead
from smarketing.api.fields import FactsField, MomentField, WordsField

LOGGED_KINDS = [
    (kind.lower(), kind.label)
    for kind in ActivityKind
    if kind not in (ActivityKind.EDIT, ActivityKind.NEXT_STEP)
]


class PersonShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField(source="get_full_name")


class ContactShape(serializers.Serializer):
    first_name = WordsField(max_length=100)
    last_name = WordsField(max_length=100)
    email = WordsField(max_length=254)
    phone = WordsField(max_length=40)
    job_title = WordsField(max_length=120)
    language = WordsField(max_length=35)


class CompanyShape(serializers.Serializer):
    name = WordsField(max_length=200)
    domain = WordsField(max_length=200)
    size = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2_147_483_647)
    industry = WordsField(max_length=120)
    country = WordsField(max_length=80)


class OpportunityShape(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    expected_on = serializers.DateField(allow_null=True)
    won_at = serializers.DateTimeField(allow_null=True)
    lost_at = serializers.DateTimeField(allow_null=True)


class LeadShape(serializers.ModelSerializer):
    """A lead as it is read."""

    contact = ContactShape()
    company = CompanyShape(allow_null=True)
    source = serializers.CharField(source="source.key", allow_null=True, default=None)
    campaign = serializers.CharField(source="campaign.name", allow_null=True, default=None)
    rep = PersonShape(source="owner", allow_null=True)
    marketer = PersonShape(allow_null=True)
    hot = serializers.BooleanField(source="is_hot")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Lead
        fields = [
            "id", "external_id", "url", "stage", "hot", "contact", "company", "source", "campaign", "rep", "marketer", "captured_at", "mql_at",
            "sql_at", "accepted_at", "contacted_at", "opportunity_at", "customer_at", "closed_at", "reason", "next_step", "next_step_at", "facts",
            "version",
        ]  # fmt: skip

    def get_url(self, lead: Lead) -> str:
        return f"/leads/{lead.pk}/"


NOOR = OpenApiExample(
    "A form on the web site",
    request_only=True,
    value={
        "source": "website",
        "message": "A price for 40 trucks?",
        "contact": {"first_name": "Noor", "last_name": "de Wit", "email": "noor@vandersteen.example"},
        "company": {"name": "Vandersteen Logistics", "size": 240, "country": "NL"},
        "facts": {"vehicles": 60},
    },
)


@extend_schema_serializer(examples=[NOOR])
class NewLeadShape(serializers.Serializer):
    """What comes in. Everything but one way to know the person may be left out."""

    external_id = WordsField(max_length=200)
    source = WordsField(max_length=80)
    campaign = WordsField(max_length=120)
    captured_at = MomentField()
    message = WordsField(max_length=10_000, many_lines=True)
    contact = ContactShape(required=False)
    company = CompanyShape(required=False)
    facts = FactsField(required=False)


class CapturedShape(LeadShape):
    matched_by = serializers.CharField(
        allow_null=True, required=False, help_text="How an open lead of the same person was found."
    )

    class Meta(LeadShape.Meta):
        fields = [*LeadShape.Meta.fields, "matched_by"]


class ChangedLeadShape(serializers.Serializer):
    """What may be changed; `version` refuses the change when somebody else was first."""

    external_id = WordsField(max_length=200)
    source = WordsField(max_length=80)
    campaign = WordsField(max_length=120)
    contact = ContactShape(required=False)
    company = CompanyShape(required=False)
    facts = FactsField(required=False)
    version = serializers.IntegerField(required=False, min_value=1, max_value=2_147_483_647)


class ActivityShape(serializers.ModelSerializer):
    kind = serializers.SerializerMethodField()
    actor = PersonShape(allow_null=True)

    class Meta:
        model = Activity
        fields = ["id", "kind", "occurred_at", "recorded_at", "actor", "title", "body", "details"]

    def get_kind(self, activity: Activity) -> str:
        return activity.kind.lower()


class NewActivityShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=LOGGED_KINDS)
    occurred_at = MomentField()
    title = WordsField(max_length=200)
    details = FactsField(required=False)


class CriterionVerdictShape(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField()
    required = serializers.BooleanField()
    points = serializers.IntegerField()
    answer = serializers.ChoiceField(choices=["yes", "no", "unknown"])
    evidence = serializers.CharField()


class VerdictShape(serializers.Serializer):
    criteria_version = serializers.IntegerField(allow_null=True)
    sales_ready = serializers.BooleanField()
    points = serializers.IntegerField()
    points_needed = serializers.IntegerField()
    criteria = CriterionVerdictShape(many=True)
    missing = serializers.ListField(child=serializers.CharField())


class JudgementShape(serializers.Serializer):
    answer = serializers.ChoiceField(choices=[(answer.lower(), answer.label) for answer in Answer])
    evidence = WordsField(max_length=500)


class OverrideShape(serializers.Serializer):
    override_reason = WordsField(max_length=300)


class AmountShape(serializers.Serializer):
    amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )


class NewOpportunityShape(AmountShape):
    currency = serializers.RegexField("^[A-Z]{3}$", required=False)
    expected_on = serializers.DateField(required=False, allow_null=True)


class ReasonShape(serializers.Serializer):
    reason = WordsField(max_length=200, required=True, allow_blank=False)
