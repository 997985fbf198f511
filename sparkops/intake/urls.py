"""Pages of imports, below `/c/<client>/import/`."""

from django.urls import path

from sparkops.intake.views import bringing, checking, results

app_name = "intake"

urlpatterns = [
    path("", bringing.imports, name="imports"),
    path("<int:pk>/", bringing.arrive, name="import"),
    path("<int:pk>/sheet/", bringing.sheet, name="sheet"),
    path("<int:pk>/discard/", bringing.forget, name="discard"),
    path("<int:pk>/map/", checking.mapping, name="map"),
    path("<int:pk>/preview/", checking.preview_rows, name="preview"),
    path("<int:pk>/run/", checking.run, name="run"),
    path("<int:pk>/progress/", results.progress, name="progress"),
    path("<int:pk>/result/", results.result, name="result"),
    path("<int:pk>/undo/", results.undo, name="undo"),
    path("<int:pk>/retry/", results.retry, name="retry"),
    path("<int:pk>/refused.csv", results.refused_csv, name="refused"),
]
