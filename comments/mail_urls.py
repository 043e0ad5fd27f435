from django.urls import path

from comments import mail_views

urlpatterns = [
    path("confirm/<token>/", mail_views.ConfirmView.as_view(), name="mail_confirm"),
    path("stop/<token>/", mail_views.StopView.as_view(), name="mail_stop"),
]
