from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stations", "0002_station_organisation")]

    operations = [
        migrations.AddField("station", "valid_until", models.DateTimeField(null=True)),
        migrations.AddField("station", "seen_at", models.DateTimeField(null=True)),
        migrations.AddField("station", "version", models.CharField(default="", max_length=200)),
        migrations.AddField(
            "station", "image_version", models.CharField(default="", max_length=200)
        ),
        migrations.AddField("station", "waiting", models.IntegerField(null=True)),
        migrations.AddField("station", "refused", models.IntegerField(null=True)),
    ]
