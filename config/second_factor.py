"""The second proof at login: a code from an app (TOTP), or one of ten recovery codes that each work once.

Codes, their checking and its slowing down are django-otp's; here is what a person can do with them.
"""

import re
import time
from base64 import b32encode
from urllib.parse import quote, urlencode

import segno
from django.core import signing
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

RECOVERY_CODES = 10
SALT = "config.second_factor"
OFFER_HOLDS = 3600  # seconds
TOLERANCE = 1  # steps of half a minute by which clocks may differ
DIGITS = re.compile(r"[0-9]{6}")


def is_on(user):
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def since(user):
    return TOTPDevice.objects.filter(user=user, confirmed=True).values_list("created_at", flat=True).first()


class Offer:
    """A key that somebody may take up. It travels with the form, signed, so that looking at it stores nothing."""

    def __init__(self, user, key):
        self.user, self.key = user, key

    @classmethod
    def new(cls, user):
        return cls(user, random_hex(20))

    @classmethod
    def read(cls, user, signed):
        """The offer made to this person, None if it was to another, too long ago, or never made."""
        try:
            pk, key = signing.loads(signed, salt=SALT, max_age=OFFER_HOLDS)
        except (signing.BadSignature, ValueError):
            return None
        return cls(user, key) if pk == user.pk else None

    @property
    def signed(self):
        return signing.dumps([self.user.pk, self.key], salt=SALT)

    @property
    def secret(self):
        """For apps that cannot see the picture, in groups that people can copy."""
        return _in_groups(b32encode(bytes.fromhex(self.key)).decode())

    def address(self, site_name):
        """https://github.com/google/google-authenticator/wiki/Key-Uri-Format"""
        issuer = site_name.replace(":", " ")
        label = quote(f"{issuer}:{self.user.get_username()}")
        secret = self.secret.replace(" ", "")
        return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"

    def picture(self, site_name):
        """The address as a QR code: SVG without a style of its own, dark on light whatever the page's colours."""
        code = segno.make(self.address(site_name), error="m")
        return code.svg_inline(
            scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
        )

    def take_up(self, code):
        """Turn it on if the app shows the right code; the recovery codes, or None."""
        code = _plain(code)
        proof = TOTP(bytes.fromhex(self.key))
        proof.time = time.time()
        if not DIGITS.fullmatch(code) or not proof.verify(int(code), TOLERANCE):
            return None
        with transaction.atomic():
            turn_off(self.user)
            TOTPDevice.objects.create(
                user=self.user, name="app", key=self.key, last_t=proof.t(), drift=proof.drift
            )
            return new_recovery_codes(self.user)


def turn_off(user):
    """True if it was on."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        count, _each = TOTPDevice.objects.filter(user=user).delete()
    return bool(count)


def new_recovery_codes(user):
    """The old ones are void. These can be read now and never again."""
    with transaction.atomic():
        device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery codes"})
        device.token_set.all().delete()
        codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return [_in_groups(code) for code in codes]


def recovery_codes_left(user):
    return StaticToken.objects.filter(device__user=user).count()


def accepts(user, code):
    """Is this the code that the app shows now, or an unused recovery code? Either is used up by it."""
    code = _plain(code)
    model = TOTPDevice if DIGITS.fullmatch(code) else StaticDevice
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        return device is not None and device.verify_token(code)


def _plain(code):
    return re.sub(r"[\s-]", "", code).lower()


def _in_groups(text):
    return " ".join(re.findall("....", text))
