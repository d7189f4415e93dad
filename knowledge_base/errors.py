"""What can go wrong in the knowledge base, as a small tree. Knows no status codes.

KnowledgeBaseError
├── DocumentUnreadable      one file or body cannot become a document
└── IndexUnavailable        an index version cannot be served
    ├── IndexNotFound       nothing was published yet, or the named version is gone
    ├── IndexDamaged        a file is missing or differs from its digest
    └── EncoderMismatch     the index was built with other weights
"""


class KnowledgeBaseError(Exception):
    """Anything the knowledge base refuses or fails to do."""


class DocumentUnreadable(KnowledgeBaseError):
    """One file or body cannot become a document; the batch goes on."""


class IndexUnavailable(KnowledgeBaseError):
    """An index version cannot be served."""


class IndexNotFound(IndexUnavailable):
    """Nothing was published yet, or the named version is gone."""


class IndexDamaged(IndexUnavailable):
    """A file of the index version is missing or differs from its digest."""


class EncoderMismatch(IndexUnavailable):
    """The index version was built with other encoder weights."""
