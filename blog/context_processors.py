def site(request):
    """The site profile and its menu, read once a request by SiteMiddleware."""
    return {"site": getattr(request, "site", None)}
