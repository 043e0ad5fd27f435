"""The keys of two-factor login are nobody's to look at or to edit: what django-otp offers in the admin is taken away."""

from django.contrib import admin
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

# Their modules have been run by now, and are not run again.
admin.site.unregister([StaticDevice, TOTPDevice])
