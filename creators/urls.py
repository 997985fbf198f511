"""Pages of creators and posts, below `/c/<client>/`."""

from django.urls import path

from creators.views import creators, posts

app_name = "creators"

urlpatterns = [
    path("creators/", creators.creators, name="creators"),
    path("creators/<int:pk>/", creators.creator, name="creator"),
    path("creators/<int:pk>/edit/", creators.edit, name="edit"),
    path("posts/", posts.posts, name="posts"),
    path("posts/<int:pk>/", posts.post, name="post"),
]
