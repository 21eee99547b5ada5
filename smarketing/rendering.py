"""How Django draws forms: through our field and form templates, so that `{{ form.name.as_field_group }}` looks right."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/_form_fields.html"
    field_template_name = "components/_field.html"
