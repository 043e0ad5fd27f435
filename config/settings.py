"""All settings, top to bottom. The environment is read in config/env.py, and nowhere else."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF
from environs import EnvError

from config import env, logs
from config.databases import tuned

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    ENV = env.read(BASE_DIR)
except EnvError as error:
    sys.exit(
        "\n- ".join(["Commonplace cannot start, the environment is not right.", *env.problems_of(error)])
    )

# --- The product -----------------------------------------------------------------------------------------------------

PRODUCT_NAME = "Commonplace"
SITE_URL = ENV.site_url
PORT = ENV.port  # where quickstart serves
DATA_DIR = ENV.data_dir
THEME_DIR = DATA_DIR / "theme"  # templates/ and static/ in it come before our own

# --- Django ----------------------------------------------------------------------------------------------------------

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False  # blog.middleware adds it, after a 404 only

INSTALLED_APPS = [
    "config",
    "blog",
    "comments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_tasks",
    "django_tasks_db",
    "taggit",
    "markdownx",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    # These two come first: static files, redirects and refusals have their headers too.
    "config.headers.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.ProxyMiddleware",
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.MethodsMiddleware",
    "config.bodies.BodiesMiddleware",
    "config.middleware.LivenessMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CompressTextMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "config.anonymous.AnonymousMiddleware",
    "config.anonymous.Sessions",
    "django.middleware.common.CommonMiddleware",
    # Below the one that says how long a page is.
    "config.middleware.LegalCharactersMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.anonymous.Authentication",
    "config.anonymous.Messages",
    "blog.middleware.SiteMiddleware",
    "config.middleware.LoggedOutMiddleware",
    "blog.middleware.AliasMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [THEME_DIR / "templates", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Where data lives ------------------------------------------------------------------------------------------------

DATABASES = {"default": tuned(ENV.database)}
if ENV.replica:
    DATABASES["replica"] = tuned(ENV.replica) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["config.replica.Router"]

CACHES = {"default": ENV.cache}

MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [folder for folder in (THEME_DIR / "static", BASE_DIR / "static") if folder.is_dir()]
STORAGES = {
    "default": ENV.storage,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.statics.BundledStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- Language and time -----------------------------------------------------------------------------------------------

# Of the admin and of the logs. Readers are spoken to in the language of the site profile (config/language.py).
LANGUAGE_CODE = "en"
LOCALE_PATHS = [folder for folder in (THEME_DIR / "locale", BASE_DIR / "locale") if folder.is_dir()]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # the reader sees the site profile's zone

# --- Mail ------------------------------------------------------------------------------------------------------------

for _name, _value in ENV.email.items():
    globals()[_name] = _value
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.from_email
ADMINS = [(address, address) for address in ENV.admins]

# A task is a row written with the comment it is about; manage.py work, started by make run, does it after the commit.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AKISMET_KEY = ENV.akismet_key

# --- Who may come in -------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_ON_SUCCESS = False  # it would forgive an address all its guesses at others: config.login.forgive
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "otp"]  # left out of what is kept of a wrong guess
AXES_CLIENT_IP_CALLABLE = "config.login.network_of"
AXES_LOCKOUT_CALLABLE = "config.login.locked_out"

# --- Cookies ---------------------------------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
CSRF_COOKIE_HTTPONLY = True
# Browsers take a name with one of these prefixes over HTTPS only, and from no neighbouring host.
_HOST, _SECURE = ("__Host-", "__Secure-") if ENV.https else ("", "")
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
MESSAGES_COOKIE_NAME = f"{_HOST}messages"
MESSAGE_STORAGE = "config.messages.Storage"
OWN_COMMENT_COOKIE_NAME = f"{_SECURE}own_comment"  # sent to one path alone, which __Host- does not allow

# --- Stored pages ----------------------------------------------------------------------------------------------------

PAGE_STORE = DATA_DIR / "pages"
# Who carries one of these is shown pages of their own.
PRIVATE_COOKIES = [SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, MESSAGES_COOKIE_NAME, OWN_COMMENT_COOKIE_NAME]
# Browsers keep a page and ask each time whether it is still true.
PUBLIC_CACHE_CONTROL = "public, no-cache"
# A CDN that is told of changes may keep pages without asking.
PURGE_URL, PURGE_HEADER = ENV.purge_url, ENV.purge_header
CDN_MAX_AGE = 7 * 24 * 3600

# --- Addresses not found ---------------------------------------------------------------------------------------------

MISSING_WRITTEN_AFTER = 10  # seconds from the first that is counted until all are written down; None: never

# --- Browsers' safety belts ------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = ENV.https
SECURE_HSTS_SECONDS = 31536000 if ENV.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.https
SECURE_HSTS_PRELOAD = ENV.https
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "config.faults.form_of_unknown_origin"
X_FRAME_OPTIONS = "DENY"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
TRUSTED_PROXIES = ENV.trusted_proxies
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

VIDEO_HOSTS = ["https://www.youtube-nocookie.com", "https://www.youtube.com", "https://player.vimeo.com"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", "https:"],
        "media-src": [SELF, "https:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": VIDEO_HOSTS,
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# --- Libraries -------------------------------------------------------------------------------------------------------

TAGGIT_CASE_INSENSITIVE = True
MARKDOWNX_MARKDOWNIFY_FUNCTION = "blog.markup.markdownify"
MARKDOWNX_MEDIA_PATH = "uploads/"
MARKDOWNX_UPLOAD_MAX_SIZE = 10 * 1024 * 1024
MARKDOWNX_UPLOAD_CONTENT_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"]
MARKDOWNX_IMAGE_MAX_SIZE = {"size": (2400, 2400), "quality": 85}

# --- Logs ------------------------------------------------------------------------------------------------------------

LOGGING = logs.configuration(ENV.log_format, ENV.log_level)
