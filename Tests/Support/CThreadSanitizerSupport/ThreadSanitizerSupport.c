// Tells ThreadSanitizer of the hand-overs between threads that it cannot see because Swift's own libraries are built
// without it. Empty in every other build.

#include "CThreadSanitizerSupport.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
// The task's address stands for it, as it does for jobs.
typedef __attribute__((swiftcall)) void (*Resume)(void *task);
typedef __attribute__((swiftcall)) void (*ResumeWithError)(void *task, void *error);
typedef __attribute__((swiftasynccall)) void (*Await)(void *continuation);

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

__attribute__((swiftasynccall, no_sanitize("thread"))) void swift_continuation_await(void *continuation) {
  __tsan_acquire(swift_task_getCurrent());
  __attribute__((musttail)) return libraryAwait(continuation);
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
