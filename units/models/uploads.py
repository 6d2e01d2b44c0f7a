"""What somebody has sent and not yet decided about."""

from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone

KEPT = timedelta(days=1)
TRIES = 20


class Upload(models.Model):
    """A document that was checked and is stored nowhere else until a draft is made of it; one per account."""

    at = models.DateTimeField(default=timezone.now)
    by = models.BigIntegerField(unique=True)
    # The draft that it is to replace, and that draft's version when it was made; without, it is a new one.
    draft = models.BigIntegerField(null=True)
    seen = models.PositiveBigIntegerField(null=True)
    document = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"upload {self.pk}"

    @classmethod
    def keep(cls, by, **columns):
        """Keep what account `by` has sent now, instead of what it sent before; forget what is old."""
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    cls.objects.filter(models.Q(by=by) | models.Q(at__lt=timezone.now() - KEPT)).delete()
                    return cls.objects.create(by=by, **columns)
            except IntegrityError:  # another file of the same account came between: this one is the later
                if not left:
                    raise
