"""What people say for what the directory says: outside editions, applied when somebody searches."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

HAS_A_WORD = RegexValidator(r"[^\W_]", _("Write at least one word."))


class Synonym(models.Model):
    """A word or a phrase that people write, and the words that the directory has for it."""

    said = models.CharField(
        _("what people write"),
        max_length=100,
        unique=True,
        validators=[HAS_A_WORD],
        help_text=_("A word or several, in the singular: fine, small business."),
    )
    meant = models.CharField(
        _("what the directory says"),
        max_length=500,
        validators=[HAS_A_WORD],
        help_text=_("Words or phrases, with commas between them: sanctions, penalties."),
    )

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["said"]

    def __str__(self):
        return self.said
