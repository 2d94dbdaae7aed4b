from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_proof"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
    ]
