"""Tasks and comments in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.talk import api

urlpatterns = [
    path("tasks/", api.TASKS, name="api-tasks"),
    *(
        path(f"tasks/<int:pk>/{word}/", deed, name=f"api-task-{word}")
        for word, deed in api.DEEDS.items()
    ),
    path("comments/", api.COMMENTS, name="api-comments"),
    *(
        path(f"comments/<int:pk>/{word}/", deed, name=f"api-comment-{word}")
        for word, deed in api.COMMENT_DEEDS.items()
    ),
]
