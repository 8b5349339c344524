from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from crm.shops.models import ApiKey
from crm.tenancy.models import TenantModel


class ApiPace(models.Model):
    """When a key's allowance will be whole again; of the key, so it needs no wall."""

    key = models.OneToOneField(ApiKey, models.CASCADE, primary_key=True, related_name="pace")
    whole_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key_id} {self.whole_at}"


class ApiReply(TenantModel):
    """What a POST was answered, kept for a day, for whoever asks again with the same key."""

    key = models.CharField(max_length=255)  # the caller's Idempotency-Key
    request_sha256 = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="api_reply_once"),
        ]
        indexes = [models.Index(F("shop"), F("created_at"), name="api_reply_age")]

    def __str__(self) -> str:
        return f"{self.status} {self.key}"
