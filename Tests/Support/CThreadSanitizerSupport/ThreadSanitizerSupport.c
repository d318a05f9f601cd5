// Tells ThreadSanitizer of the hand-overs between threads that it cannot see because Swift's own libraries are built
// without it. Empty in every other build.

#include "CThreadSanitizerSupport.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <dlfcn.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

// Tasks: the runtime calls these when a job is handed to another thread, once it knows of the sanitizer. It learns that
// from a function of its own that the sanitizer looks for by name; on Linux the sanitizer finds its own default instead.
extern bool _swift_tsan_enabled;
extern void (*_swift_tsan_acquire)(const void *address);
extern void (*_swift_tsan_release)(const void *address);

static void acquire(const void *address) { __tsan_acquire((void *)address); }
static void release(const void *address) { __tsan_release((void *)address); }

// Mutexes: taking a free one is compiled into our code, where the sanitizer sees it. Waiting for one, and waking who
// waits, are these two functions of the library; definitions in an executable come before those of a library.
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef __attribute__((swiftcall)) void (*LockSlow)(uint32_t thread, __attribute__((swift_context)) void *mutex);
typedef __attribute__((swiftcall)) void (*UnlockSlow)(__attribute__((swift_context)) void *mutex);

static LockSlow libraryLockSlow;
static UnlockSlow libraryUnlockSlow;

__attribute__((swiftcall)) void lock_slow(uint32_t thread, __attribute__((swift_context)) void *mutex)
    __asm__(LOCK_SLOW);
__attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *mutex) __asm__(UNLOCK_SLOW);

__attribute__((swiftcall)) void lock_slow(uint32_t thread, __attribute__((swift_context)) void *mutex) {
  if (libraryLockSlow == NULL) libraryLockSlow = (LockSlow)dlsym(RTLD_NEXT, LOCK_SLOW);
  libraryLockSlow(thread, mutex);
  __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *mutex) {
  if (libraryUnlockSlow == NULL) libraryUnlockSlow = (UnlockSlow)dlsym(RTLD_NEXT, UNLOCK_SLOW);
  __tsan_release(mutex);
  libraryUnlockSlow(mutex);
}

// Continuations: one that is resumed before its task waits for it is not handed over as a job, and the runtime says nothing.
// The task's address stands for it, as it does for jobs. What runs after the wait must see what the resumer did, and the
// resumer may come at any moment until the runtime has looked: so what is acquired, is acquired where the task goes on.
typedef __attribute__((swiftcall)) void (*Resume)(void *task);
typedef __attribute__((swiftcall)) void (*ResumeWithError)(void *task, void *error);
typedef struct Frame Frame;
typedef __attribute__((swiftasynccall)) void (*GoOn)(__attribute__((swift_async_context)) Frame *frame);

// How every asynchronous frame begins (AsyncContext of the runtime's ABI).
struct Frame {
  void *parent;
  GoOn goOn;
};
typedef __attribute__((swiftasynccall)) void (*Await)(Frame *frame);

extern __attribute__((swiftcall)) void *swift_task_getCurrent(void);

static Resume libraryResume;
static Resume libraryThrowingResume;
static ResumeWithError libraryThrowingResumeWithError;
static Await libraryAwait;

__attribute__((swiftcall)) void swift_continuation_resume(void *task) {
  __tsan_release(task);
  libraryResume(task);
}

__attribute__((swiftcall)) void swift_continuation_throwingResume(void *task) {
  __tsan_release(task);
  libraryThrowingResume(task);
}

__attribute__((swiftcall)) void swift_continuation_throwingResumeWithError(void *task, void *error) {
  __tsan_release(task);
  libraryThrowingResumeWithError(task, error);
}

// Where each waiting frame goes on. The sanitizer must not see this table: its lock would order what nothing orders.
#define UNSEEN __attribute__((disable_sanitizer_instrumentation))
#define SLOTS 65536
static struct {
  Frame *frame;
  GoOn goOn;
} waiting[SLOTS];
static char locked;

UNSEEN static void lock(void) {
  while (__atomic_test_and_set(&locked, __ATOMIC_ACQUIRE)) sched_yield();
}

UNSEEN static void unlock(void) { __atomic_clear(&locked, __ATOMIC_RELEASE); }

UNSEEN static size_t slot(const Frame *frame) { return ((uintptr_t)frame >> 4) * 2654435761u % SLOTS; }

UNSEEN static void put(Frame *frame) {
  lock();
  size_t at = slot(frame);
  for (size_t tried = 0; waiting[at].frame != NULL; tried++) {
    if (tried == SLOTS) abort();
    at = (at + 1) % SLOTS;
  }
  waiting[at].frame = frame;
  waiting[at].goOn = frame->goOn;
  unlock();
}

UNSEEN static GoOn take(const Frame *frame) {
  lock();
  size_t at = slot(frame);
  for (size_t tried = 0; waiting[at].frame != frame; tried++) {
    if (tried == SLOTS) abort();
    at = (at + 1) % SLOTS;
  }
  const GoOn goOn = waiting[at].goOn;
  waiting[at].frame = NULL;
  // What stood behind it because its place was taken moves up, so that a search may end at the first free place.
  for (size_t next = (at + 1) % SLOTS; waiting[next].frame != NULL; next = (next + 1) % SLOTS) {
    const size_t home = slot(waiting[next].frame);
    if ((next - home) % SLOTS < (next - at) % SLOTS) continue;
    waiting[at] = waiting[next];
    waiting[next].frame = NULL;
    at = next;
  }
  unlock();
  return goOn;
}

UNSEEN __attribute__((swiftasynccall)) static void go_on(__attribute__((swift_async_context)) Frame *frame) {
  const GoOn goOn = take(frame);
  frame->goOn = goOn;
  __tsan_acquire(swift_task_getCurrent());
  __attribute__((musttail)) return goOn(frame);
}

UNSEEN __attribute__((swiftasynccall)) void swift_continuation_await(Frame *frame) {
  put(frame);
  frame->goOn = go_on;
  __attribute__((musttail)) return libraryAwait(frame);
}

__attribute__((constructor)) static void install(void) {
  libraryResume = (Resume)dlsym(RTLD_NEXT, "swift_continuation_resume");
  libraryThrowingResume = (Resume)dlsym(RTLD_NEXT, "swift_continuation_throwingResume");
  libraryThrowingResumeWithError = (ResumeWithError)dlsym(RTLD_NEXT, "swift_continuation_throwingResumeWithError");
  libraryAwait = (Await)dlsym(RTLD_NEXT, "swift_continuation_await");
  libraryLockSlow = (LockSlow)dlsym(RTLD_NEXT, LOCK_SLOW);
  libraryUnlockSlow = (UnlockSlow)dlsym(RTLD_NEXT, UNLOCK_SLOW);
  _swift_tsan_acquire = acquire;
  _swift_tsan_release = release;
  _swift_tsan_enabled = true;
}

#endif
#endif
