import articles.text.canonical
import articles.models.people
import articles.models.reference
import articles.models.section
import django.core.validators
import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=30, unique=True)),
                ('label', models.CharField(help_text='As it stands after “I am a …”.', max_length=100)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'key'],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(error_messages={'unique': 'There is a topic of this name already.'}, max_length=100, unique=True)),
                ('slug', models.SlugField(max_length=100, unique=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('topic', 'Topic'), ('question', 'Question and answer'), ('policy', 'Editorial policy')], max_length=10)),
                ('slug', models.SlugField(error_messages={'unique': 'Another article has this address.'}, max_length=100, unique=True, verbose_name='address')),
                ('title', models.CharField(max_length=300)),
                ('language', models.CharField(default='en', max_length=10)),
                ('risk', models.CharField(choices=[('standard', 'Standard'), ('high', 'High: doses, emergencies or other text that can harm')], default='standard', max_length=10)),
                ('ai_use', models.CharField(blank=True, choices=[('none', 'No artificial intelligence was used'), ('assisted', 'Written by people with the help of artificial intelligence'), ('generated', 'Drafted by artificial intelligence, edited by people')], max_length=10, verbose_name='use of AI')),
                ('ai_note', models.TextField(blank=True, help_text='Shown to readers.', max_length=2000, verbose_name='tool, model, purpose and date of that use')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_reviewed', models.DateField(editable=False, help_text='Moved by a full review only.', null=True)),
                ('next_review_due', models.DateField(editable=False, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_for', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.audience')),
            ],
            options={
                'ordering': ['title', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='article_has_a_title', violation_error_message='Give the article a title.')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('change', models.CharField(choices=[('correction', 'Correction: letters and punctuation only'), ('minor', 'Minor: the advice stays the same'), ('major', 'Major: new or changed advice, a full review')], max_length=10)),
                ('note', models.CharField(help_text='What changed and why, in words that readers are shown.', max_length=1000)),
                ('kind', models.CharField(choices=[('topic', 'Topic'), ('question', 'Question and answer'), ('policy', 'Editorial policy')], max_length=10)),
                ('title', models.CharField(max_length=300)),
                ('language', models.CharField(max_length=10)),
                ('risk', models.CharField(choices=[('standard', 'Standard'), ('high', 'High: doses, emergencies or other text that can harm')], max_length=10)),
                ('written_for', models.CharField(max_length=30)),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256 of the frozen text')),
                ('writers', articles.text.canonical.CanonicalJSONField(help_text='Everybody who wrote any part of it: a list of {id, name} as they were.')),
                ('submitted_by_name', models.CharField(max_length=200)),
                ('submitted_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='articles.article')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['article', 'number'],
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='version_numbered_once_per_article'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='version_numbers_begin_at_one'), models.CheckConstraint(condition=models.Q(('number__gt', 1), ('change', 'major'), _connector='OR'), name='version_first_is_major')],
            },
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('credentials', models.CharField(blank=True, help_text='As printed after the name: MD, FRCP.', max_length=200)),
                ('orcid', models.CharField(blank=True, max_length=19, validators=[articles.models.people.validate_orcid], verbose_name='ORCID iD')),
                ('bio', models.TextField(blank=True, max_length=5000)),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contributor', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='contributor_has_a_name', violation_error_message='Give the name that readers see.'), models.UniqueConstraint(condition=models.Q(('orcid', ''), _negated=True), fields=('orcid',), name='contributor_orcid_is_one_person', violation_error_message='Another contributor has this ORCID iD.')],
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('author', 'Author'), ('editor', 'Editor'), ('illustrator', 'Illustrator'), ('translator', 'Translator')], default='author', max_length=12)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='articles.article')),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to='articles.contributor')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('article', 'contributor', 'role'), name='authorship_once_per_role', violation_error_message='This person has this part already.')],
            },
        ),
        migrations.CreateModel(
            name='Disclaimer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('issued_by_name', models.CharField(max_length=200)),
                ('issued_at', models.DateTimeField()),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclaimers', to='articles.audience')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['audience', 'number'],
                'constraints': [models.UniqueConstraint(fields=('audience', 'number'), name='disclaimer_numbered_once_per_audience'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='disclaimer_has_a_text', violation_error_message='Write the text of the disclaimer.')],
            },
        ),
        migrations.CreateModel(
            name='DisclaimerConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed_by_name', models.CharField(max_length=200)),
                ('confirmed_at', models.DateTimeField()),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('disclaimer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='articles.disclaimer')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HistoricalArticle',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('topic', 'Topic'), ('question', 'Question and answer'), ('policy', 'Editorial policy')], max_length=10)),
                ('slug', models.SlugField(error_messages={'unique': 'Another article has this address.'}, max_length=100, verbose_name='address')),
                ('title', models.CharField(max_length=300)),
                ('language', models.CharField(default='en', max_length=10)),
                ('risk', models.CharField(choices=[('standard', 'Standard'), ('high', 'High: doses, emergencies or other text that can harm')], default='standard', max_length=10)),
                ('ai_use', models.CharField(blank=True, choices=[('none', 'No artificial intelligence was used'), ('assisted', 'Written by people with the help of artificial intelligence'), ('generated', 'Drafted by artificial intelligence, edited by people')], max_length=10, verbose_name='use of AI')),
                ('ai_note', models.TextField(blank=True, help_text='Shown to readers.', max_length=2000, verbose_name='tool, model, purpose and date of that use')),
                ('created_at', models.DateTimeField(blank=True, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('imported_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_for', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.audience')),
            ],
            options={
                'verbose_name': 'historical article',
                'verbose_name_plural': 'historical articles',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_873718_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAudience',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.SlugField(max_length=30)),
                ('label', models.CharField(help_text='As it stands after “I am a …”.', max_length=100)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical audience',
                'verbose_name_plural': 'historical audiences',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_6cde82_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAuthorship',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('role', models.CharField(choices=[('author', 'Author'), ('editor', 'Editor'), ('illustrator', 'Illustrator'), ('translator', 'Translator')], default='author', max_length=12)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.article')),
                ('contributor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.contributor')),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical authorship',
                'verbose_name_plural': 'historical authorships',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_97533a_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalContributor',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('credentials', models.CharField(blank=True, help_text='As printed after the name: MD, FRCP.', max_length=200)),
                ('orcid', models.CharField(blank=True, max_length=19, validators=[articles.models.people.validate_orcid], verbose_name='ORCID iD')),
                ('bio', models.TextField(blank=True, max_length=5000)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical contributor',
                'verbose_name_plural': 'historical contributors',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_07a075_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReference',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('csl', articles.text.canonical.CanonicalJSONField(validators=[articles.models.reference.refuse_floats], verbose_name='CSL-JSON')),
                ('doi', models.CharField(blank=True, max_length=250, verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('\\A[1-9]\\d{0,7}\\Z')], verbose_name='PMID')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical reference',
                'verbose_name_plural': 'historical references',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_b7a928_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSection',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.CharField(default=articles.models.section.new_section_key, editable=False, max_length=10)),
                ('role', models.CharField(choices=[('lead', 'Lead'), ('summary', 'Summary'), ('key_points', 'Key points'), ('body', 'Body'), ('urgent', 'When to get help')], default='body', max_length=10)),
                ('heading', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.article')),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical section',
                'verbose_name_plural': 'historical sections',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_f6d20a_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSlug',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.article')),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical slug',
                'verbose_name_plural': 'historical slugs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_753c9a_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTopic',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(db_index=True, error_messages={'unique': 'There is a topic of this name already.'}, max_length=100)),
                ('slug', models.SlugField(max_length=100)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical topic',
                'verbose_name_plural': 'historical topics',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_d1c098_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', 'Correction'), ('concern', 'Expression of concern'), ('retraction', 'Retraction'), ('removal', 'Removal'), ('withdrawal', 'Withdrawal')], max_length=10)),
                ('reason', models.TextField()),
                ('issued_by_name', models.CharField(max_length=200)),
                ('issued_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='articles.article')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifts', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lifted_by', to='articles.notice')),
            ],
            options={
                'ordering': ['-issued_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='notice_has_a_reason', violation_error_message='Give the reason.')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('csl', articles.text.canonical.CanonicalJSONField(validators=[articles.models.reference.refuse_floats], verbose_name='CSL-JSON')),
                ('doi', models.CharField(blank=True, max_length=250, verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, max_length=8, validators=[django.core.validators.RegexValidator('\\A[1-9]\\d{0,7}\\Z')], verbose_name='PMID')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('doi', ''), _negated=True), fields=('doi',), name='reference_doi_is_one_work', violation_error_message='The library has a work with this DOI already.'), models.UniqueConstraint(condition=models.Q(('pmid', ''), _negated=True), fields=('pmid',), name='reference_pmid_is_one_work', violation_error_message='The library has a work with this PMID already.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalArticleReference',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('key', models.CharField(max_length=64, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\\Z', 'A citation key is made of letters, digits, hyphens and underscores.')])),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.article')),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reference', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.reference')),
            ],
            options={
                'verbose_name': 'historical article reference',
                'verbose_name_plural': 'historical article references',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_f0f7ad_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ArticleReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\\Z', 'A citation key is made of letters, digits, hyphens and underscores.')])),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='article_references', to='articles.article')),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='article_references', to='articles.reference')),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(fields=('article', 'key'), name='citation_key_once_per_article', violation_error_message='This article has a reference with this key already.')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=articles.models.section.new_section_key, editable=False, max_length=10)),
                ('role', models.CharField(choices=[('lead', 'Lead'), ('summary', 'Summary'), ('key_points', 'Key points'), ('body', 'Body'), ('urgent', 'When to get help')], default='body', max_length=10)),
                ('heading', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='articles.article')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('article', 'key'), name='section_key_once_per_article'), models.CheckConstraint(condition=models.Q(('role', 'lead'), models.Q(('heading', ''), _negated=True), _connector='OR'), name='section_heading_optional_only_in_lead', violation_error_message='Give the section a heading; only the lead does without.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalWording',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('heading', models.CharField(blank=True, help_text="Left empty, the section's heading stands.", max_length=200)),
                ('body', models.TextField(blank=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('audience', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.audience')),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.section')),
            ],
            options={
                'verbose_name': 'historical wording',
                'verbose_name_plural': 'historical wordings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_6071ff_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Slug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='articles.article')),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalArticleTopic',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('article', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.article')),
                ('history_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('topic', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.topic')),
            ],
            options={
                'verbose_name': 'historical article topic',
                'verbose_name_plural': 'historical article topics',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'indexes': [models.Index(fields=['history_date', 'id'], name='articles_hi_history_16656a_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ArticleTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='article_topics', to='articles.article')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='article_topics', to='articles.topic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'topic'), name='topic_once_per_article', violation_error_message='The article is filed under this topic already.')],
            },
        ),
        migrations.CreateModel(
            name='VersionText',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='frozen', serialize=False, to='articles.version')),
                ('text', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(max_length=30)),
                ('text', models.TextField(max_length=2000)),
                ('asked_at', models.DateTimeField()),
                ('delete_after', models.DateField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='articles.version')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['delete_after'], name='question_to_delete')],
            },
        ),
        migrations.CreateModel(
            name='NoticeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.notice')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('notice', 'version'), name='version_once_per_notice')],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('helpful', models.BooleanField(null=True)),
                ('error_report', models.TextField(blank=True, max_length=2000)),
                ('given_at', models.DateTimeField()),
                ('delete_after', models.DateField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='articles.version')),
            ],
            options={
                'verbose_name_plural': 'feedback',
                'ordering': ['-given_at', '-pk'],
                'indexes': [models.Index(fields=['delete_after'], name='feedback_to_delete')],
            },
        ),
        migrations.CreateModel(
            name='VersionReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('csl_text', models.TextField()),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='version_references', to='articles.reference')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='version_references', to='articles.version')),
            ],
            options={
                'ordering': ['version', 'key'],
                'constraints': [models.UniqueConstraint(fields=('version', 'key'), name='citation_key_once_per_version')],
            },
        ),
        migrations.CreateModel(
            name='VersionTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.topic')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='version_topics', to='articles.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'topic'), name='topic_once_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('heading', models.CharField(blank=True, help_text="Left empty, the section's heading stands.", max_length=200)),
                ('body', models.TextField(blank=True)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.audience')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='articles.section')),
            ],
            options={
                'ordering': ['audience__position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('section', 'audience'), name='wording_once_per_audience', violation_error_message='This section has a wording for this audience already.')],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='latest_version',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.version'),
        ),
        migrations.AddField(
            model_name='article',
            name='published_version',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.version'),
        ),
        migrations.AddField(
            model_name='article',
            name='topics',
            field=models.ManyToManyField(related_name='articles', through='articles.ArticleTopic', to='articles.topic'),
        ),
        migrations.AddField(
            model_name='notice',
            name='versions',
            field=models.ManyToManyField(related_name='notices', through='articles.NoticeVersion', to='articles.version'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('published_version__isnull', True), ('latest_version__isnull', False), _connector='OR'), name='article_published_has_a_version'),
        ),
    ]
