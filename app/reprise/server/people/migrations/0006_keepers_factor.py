from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_walls_of_ended"),
    ]

    operations = [
        migrations.AddField(
            model_name="instance",
            name="keepers_need_second_factor",
            field=models.BooleanField(default=False),
        ),
    ]
