#ifndef PATRON_CLIBPQ_SHIM_H
#define PATRON_CLIBPQ_SHIM_H

// libpq itself, and the Linux calls its poll loop stands on, which Swift's Glibc module does not show.
#include <libpq-fe.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// Fields of an error result; Swift does not import character macros.
enum patron_pg_diagnostic {
  PATRON_PG_SEVERITY = PG_DIAG_SEVERITY_NONLOCALIZED,
  PATRON_PG_SQLSTATE = PG_DIAG_SQLSTATE,
  PATRON_PG_MESSAGE = PG_DIAG_MESSAGE_PRIMARY,
  PATRON_PG_DETAIL = PG_DIAG_MESSAGE_DETAIL,
  PATRON_PG_HINT = PG_DIAG_MESSAGE_HINT,
  PATRON_PG_POSITION = PG_DIAG_STATEMENT_POSITION,
  PATRON_PG_CONTEXT = PG_DIAG_CONTEXT,
  PATRON_PG_SCHEMA = PG_DIAG_SCHEMA_NAME,
  PATRON_PG_TABLE = PG_DIAG_TABLE_NAME,
  PATRON_PG_COLUMN = PG_DIAG_COLUMN_NAME,
  PATRON_PG_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME,
  PATRON_PG_ROUTINE = PG_DIAG_SOURCE_FUNCTION,
};

// An error field's text, NULL when the server did not send it.
static inline const char *patron_pg_error_field(const PGresult *result, enum patron_pg_diagnostic field) {
  return PQresultErrorField(result, (int)field);
}

static inline int patron_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int patron_eventfd_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Watches a descriptor for reading and writing as asked. `operation` is EPOLL_CTL_ADD, _MOD or _DEL; `tag` comes back
// with every event. Level-triggered, as libpq needs it.
static inline int patron_epoll_control(
    int poll, int operation, int descriptor, unsigned long long tag, int reading, int writing) {
  struct epoll_event event;
  event.events = (reading ? EPOLLIN : 0) | (writing ? EPOLLOUT : 0);
  event.data.u64 = tag;
  return epoll_ctl(poll, operation, descriptor, &event);
}

// Names the calling thread for ps, top and debuggers: at most 15 bytes.
static inline void patron_thread_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

#endif
