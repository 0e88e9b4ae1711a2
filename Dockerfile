# One image for web, worker, beat and the one-shot migrate; docker-compose.yml says
# what each of them runs. It holds no secret and no data.
FROM python:3.11-slim-bookworm

# Pango draws the printed pages.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin \
      carecoord

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CARECOORD_DATA_DIR=/srv/data \
    XDG_CACHE_HOME=/tmp

WORKDIR /srv/carecoord
COPY requirements.txt .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

COPY . .
# The settings of production, with values that end with this line: they only let the
# static files be gathered under their hashed names.
RUN DATABASE_URL=postgresql://localhost/none \
    SECRET_KEY=none \
    FIELD_ENCRYPTION_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    ALLOWED_HOSTS=localhost OPERATOR_NAME=none OPERATOR_CONTACT=none \
    python manage.py collectstatic --noinput \
 && chmod -R a+rX,go-w /srv \
 && install --directory --owner carecoord --mode 0700 /srv/anchor

USER carecoord
EXPOSE 8000
CMD ["gunicorn", "--config", "python:carecoord.gunicorn", "carecoord.wsgi:application"]
