/** Rejects when the worker dies of an error: one that does not even parse answers nothing, so a call alone would wait for ever. */
export const brokenThread = (worker: Worker): Promise<never> =>
  new Promise((_, reject) => {
    worker.addEventListener('error', ({ message }) => {
      const error = new Error(message)
      error.name = 'ThreadFailedError'
      reject(error)
    })
  })
